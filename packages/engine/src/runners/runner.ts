import type { SiderealError } from '@sidereal/core/errors';
import type { TaskDefinition } from '../definitions/task-definition.ts';
import type { JobInputs } from '../handles/job-inputs.ts';
import type { ValueHandle } from '../handles/value-handle.ts';
import type { ScopeInfo } from '../context/operation.ts';
import type { RemoteRequest } from './request.ts';

/** One attempt of one task run, ready to execute: inputs resolved, slot granted. */
export interface Job {
  /** Unique among the jobs that this runner holds. */
  readonly id: number;
  /** Number of its node in the record: what its code leaves behind is told by it, also after its end. */
  readonly idx: number;
  readonly attempt: number;
  readonly task: TaskDefinition;
  readonly inputs: JobInputs;
  /** What the code under way may ask about itself (`run.*`). */
  readonly info: ScopeInfo;
  /** The user's own line of the call, where it is known. */
  readonly calledAt?: string | undefined;
  /** The job that has called it, if that is one of the same owner's. */
  readonly calledBy?: number | undefined;
  /** It must not share what executes it with others, though its task may wait: what befalls them must not befall it. */
  readonly isAlone?: boolean;
  /** It is beyond the runner's `capacity`: of a task that {@link Runner.overlaps}, where its flow allows for more. */
  readonly isBeyond?: boolean;
  /**
   * Buffers inside the inputs that the job may have instead of a copy: they are empty for the owner afterwards,
   * also if the job is lost. Only for a job that is their only consumer and that the owner can feed again.
   */
  readonly transfer?: readonly ArrayBuffer[];
}

/**
 * How a job ended. `crashed` is the infrastructure's fault: a lost thread, memory exhausted; a value that cannot travel
 * is not (`threw`). `forced`: its runner ended it, because it was asked to stop and did not, or was given up.
 * `displaced`: what executed it had to be ended because of another job; it is to begin again, and nothing of that is
 * held against it. If it may have been the cause itself (`isSuspect`), then alone.
 */
export type JobOutcome =
  | { readonly type: 'returned'; readonly value: ValueHandle }
  | { readonly type: 'threw'; readonly error: unknown }
  | { readonly type: 'forced'; readonly error: Error }
  | { readonly type: 'crashed'; readonly error: unknown }
  | { readonly type: 'displaced'; readonly why: string; readonly isSuspect: boolean };

/** What the code of a job that was given up has come to. */
export type LateOutcome = Extract<JobOutcome, { readonly type: 'returned' | 'threw' }>;

/** When a job's code ran, by the clock of where it ran: milliseconds since the epoch, with fractions. */
export interface JobTiming {
  readonly beganMs: number;
  readonly endedMs: number;
}

/**
 * An error that nothing catches, thrown where a job's code executes elsewhere: a rejection that nobody handles, a
 * throw in a timer, an `error` event without a listener.
 */
export interface StrayError {
  /** The job in whose async context it was thrown, which may have ended; undefined: no job's. */
  readonly of: StraySource | undefined;
  /** What executed it, for people: the name of a thread. */
  readonly where: string;
  readonly error: unknown;
}

/** The job that an error belongs to. */
export interface StraySource {
  readonly idx: number;
  readonly attempt: number;
  /** What the task is called, and the line of its definition. */
  readonly name: string;
  readonly at: string;
}

/** What a runner tells its owner. Calls may come in the same tick as `start`, never before `start` returns. */
export interface RunnerHost {
  /** Exactly once for each started job, unless the runner is closed first. No `timing`: its code never began. */
  ended(id: number, outcome: JobOutcome, timing: JobTiming | undefined): void;
  /**
   * Executes code of a job on this thread, as part of its run. A runner that does so needs none of the methods
   * below: what the code asks for, it asks its run directly.
   */
  inScope<T>(id: number, code: () => T): T;
  /** The job's code, which executes elsewhere, asks for an operation. What a job asks for arrives in its order, before its `ended`. */
  performed(id: number, request: RemoteRequest): void;
  /** Resolves once code inside the job's container `number` is to be executed, with what the container is called. */
  begun(id: number, number: number): Promise<ScopeInfo>;
  /** The code inside a container has ended. */
  bodyEnded(id: number, number: number, outcome: BodyOutcome): void;
  /**
   * The job waits for the future of its operation `number` (`item`: for one item of a map). While a job waits for
   * any, its slot goes to others. The host settles with the run's outcome, once a slot is there again; further
   * waits may come before that. It has waited since `sinceMs` (milliseconds since the epoch).
   */
  awaited(id: number, number: number, item: number | undefined, sinceMs: number): Promise<unknown>;
  /** A job under way, of a task that did not overlap so far, waits rather than computes: its task does from now on. */
  suspended(id: number): void;
  /** An error that nothing catches was thrown elsewhere. It fails nobody. */
  strayed(stray: StrayError): void;
}

/** How the code inside a container ended. */
export type BodyOutcome =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown };

/** A place where task code executes. One contract suite runs against every implementation. */
export interface Runner {
  /** Of its kind. */
  readonly name: string;
  /** Jobs that it executes at once; those that wait for runs that they have called do not count. */
  readonly capacity: number;
  /**
   * Do runs of this task wait rather than compute, so that more than `capacity` of them may be under way at once where
   * a flow's `concurrency` says so? Absent: none does. It may change once, from no to yes.
   */
  overlaps?(task: TaskDefinition): boolean;
  /**
   * Jobs that may be started beyond `capacity` just now, because those of late were so short that sending
   * them one by one would cost more than running them. 0 as soon as one is not.
   */
  readonly prefetch: number;
  /** May a run of this task be among those? Only if the last of its own were short too. */
  mayGoAhead(task: TaskDefinition): boolean;
  /**
   * Why a call's arguments could never reach a job of this runner: `UNCLONEABLE_ARGUMENT`, with the path of the field.
   * Undefined if they could, as far as is known; absent if there is nothing that a job could not be given. Futures
   * among them count as nothing. Plain data that needs no packing is never refused: it need not be asked about.
   * `at`: the user's own line of the call.
   */
  refusal?(
    task: TaskDefinition,
    args: readonly unknown[],
    at: () => string | undefined,
  ): SiderealError | undefined;
  /**
   * Begins a job. The caller never starts more than `capacity + prefetch` jobs that neither wait nor are `isBeyond`, and
   * beyond `capacity` only such as may go ahead.
   */
  start(job: Job): void;
  /**
   * When the job's own code began, milliseconds since the epoch; undefined while it waits for a thread to come
   * up, for its module, or behind a short job. Timeouts count from here.
   */
  beganAt(id: number): number | undefined;
  /**
   * Asks a job to stop: its signal is aborted with `reason`, and if it throws, that is what it `threw`. A runner that
   * can end it by force does so after a grace of at most half a second (`forced`). Inline code cannot be forced.
   */
  interrupt(id: number, reason: Error): void;
  /**
   * Gives a job up: its signal is aborted, and it is `ended` as `forced`, at once if its code has no hold on what
   * others need, else as soon as it has been ended by force, whatever it comes to meanwhile. Its id may serve again
   * from then on. What its own code still returns or throws, before or after, is told to `late`, if it ever does.
   */
  abandon(id: number, reason: Error, late: (outcome: LateOutcome) => void): void;
  /** Stops everything by force if need be and frees threads; no `ended` after it resolves. Idempotent. */
  close(): Promise<void>;
}

/** Makes a runner for its owner. */
export type RunnerFactory = (host: RunnerHost) => Runner;
