/**
 * What the pool and its threads say to each other: plain data, each message a structured clone.
 *
 * A job travels with a **ticket**, a number that its thread has not seen before. Every ticket has a cell in
 * memory that both sides share ({@link Tickets}): a thread takes the ticket before it begins the job, and the
 * pool may take a ticket back that its thread has not taken, even while the thread is busy. So a job that was sent
 * ahead is never held up by the job before it.
 *
 * Jobs share a message as long as nothing in them could be mixed up: at most one of them may hold objects,
 * because a structured clone keeps identity within a message, and two jobs given the same object must each get
 * their own. Results are sent one by one, as soon as they are there.
 */
import type { ScopeInfo } from '../../context/operation.ts';
import type { EncodedOutcome } from '../cloning/encoded-outcome.ts';
import type { Parcel } from '../cloning/parcel.ts';
import type { ClassAddress } from '../../data/packed-object.ts';
import { classesIn, type FromJob, type ToJob } from '../remote/job-messages.ts';
import type { StraySource } from '../runner.ts';

/** What a thread is born with. */
export interface ThreadData {
  /** The memory of {@link Tickets}. */
  readonly tickets: SharedArrayBuffer;
  /** An environment variable that only the thread's start needed. */
  readonly startVariable: string | undefined;
}

/** Where a thread finds a task, sent once. */
export interface TaskAddress {
  readonly index: number;
  readonly module: string;
  readonly name: string;
  /** The user's line of the definition. */
  readonly at: string;
}

/** A job on its way to a thread. */
export interface ThreadJob {
  readonly ticket: number;
  /** Number of its node in the record. */
  readonly idx: number;
  /** Index of its {@link TaskAddress}. */
  readonly task: number;
  readonly args: Parcel;
  readonly info: ScopeInfo;
  /** Sent ahead: it begins when one of those before it has ended. */
  readonly isBehind?: true;
  /** Its task is known to be asynchronous; absent: the thread is to tell if it is. */
  readonly isAsync?: true;
}

export type ToThread =
  | { readonly type: 'jobs'; readonly tasks: readonly TaskAddress[]; readonly jobs: readonly ThreadJob[] }
  | { readonly type: 'told'; readonly ticket: number; readonly message: ToJob }
  /** The thread is to end now, whatever it is doing. */
  | { readonly type: 'end' };

/** How a job ended in its thread, and when it ran. */
export interface ThreadResult {
  readonly type: 'ended';
  readonly ticket: number;
  /** Undefined if its code never began. */
  readonly beganMs: number | undefined;
  readonly endedMs: number;
  readonly outcome: EncodedOutcome;
}

export type PoolThreadMessage =
  | { readonly type: 'up' }
  | ThreadResult
  /** A job that counts as synchronous waits: it has given the thread back, and will go on. */
  | { readonly type: 'suspended'; readonly ticket: number }
  /** An error that nothing catches: whose it is, if it is a job's. */
  | { readonly type: 'strayed'; readonly of: StraySource | undefined; readonly thrown: Parcel }
  /** The thread ends itself right after this message: code of this task wants it so. */
  | { readonly type: 'exiting'; readonly task: string }
  | { readonly type: 'asked'; readonly ticket: number; readonly message: FromJob }
  /** Nothing in the thread is alive, though jobs have not ended, and `received` messages had come to it. */
  | { readonly type: 'still'; readonly received: number }
  /** Whole lines for the process's own output. */
  | { readonly type: 'printed'; readonly stream: 'stdout' | 'stderr'; readonly text: string };

const NONE: readonly ClassAddress[] = [];

/** Classes of the instances in a message to a thread. */
export function classesTo(message: ToThread): readonly ClassAddress[] {
  switch (message.type) {
    case 'jobs':
      return message.jobs.find(({ args }) => args.classes !== undefined)?.args.classes ?? NONE;
    case 'told':
      return classesIn(message.message);
    case 'end':
      return NONE;
  }
}

/** Classes of the instances in a message from a thread. */
export function classesFrom(message: PoolThreadMessage): readonly ClassAddress[] {
  switch (message.type) {
    case 'ended':
      return message.outcome.parcel.classes ?? NONE;
    case 'asked':
      return classesIn(message.message);
    case 'strayed':
      return message.thrown.classes ?? NONE;
    case 'exiting':
    case 'still':
    case 'suspended':
    case 'up':
    case 'printed':
      return NONE;
  }
}
