/**
 * What the pool and its threads say to each other: plain data, each message a structured clone.
 *
 * A job travels with a **ticket**, a number that its thread has not seen before. Every ticket has a cell in
 * memory that both sides share ({@link Claims}): a thread claims the ticket before it begins the job, and the
 * pool may take a ticket back that nobody has claimed, even while the thread is busy. So a job that was sent
 * ahead is never held up by the job before it.
 *
 * Jobs share a message as long as nothing in them could be mixed up: at most one of them may hold objects,
 * because a structured clone keeps identity within a message, and two jobs given the same object must each get
 * their own. Results are sent one by one, as soon as they are there.
 */
import type { EntryKind } from '@sidereal/core';
import type { JobInfo, RemoteCall } from '../runner.ts';
import type { Thrown } from './thrown.ts';

/** What a thread is born with. */
export interface ThreadData {
  /** The memory of {@link Claims}. */
  readonly claims: SharedArrayBuffer;
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
  /** Index of its {@link TaskAddress}. */
  readonly task: number;
  readonly args: unknown;
  /** The arguments hold errors, packed by {@link packErrors}. */
  readonly isPacked: boolean;
  readonly info: JobInfo;
}

export type ThreadOutcome =
  | { readonly type: 'returned'; readonly value: unknown; readonly isPacked: boolean }
  | { readonly type: 'threw'; readonly error: Thrown };

export type ToThread =
  | { readonly type: 'jobs'; readonly tasks: readonly TaskAddress[]; readonly jobs: readonly ThreadJob[] }
  | { readonly type: 'abort'; readonly ticket: number; readonly reason: Thrown }
  /** The outcome of a child that the job waits for; `wait` is the number of {@link FromThread} `awaited`. */
  | {
      readonly type: 'settled';
      readonly ticket: number;
      readonly wait: number;
      readonly outcome: ThreadOutcome;
    }
  /** The thread is to end now, whatever it is doing. */
  | { readonly type: 'end' };

/** How a job ended in its thread, and when it ran. */
export interface ThreadResult {
  readonly type: 'ended';
  readonly ticket: number;
  /** Undefined if its code never began. */
  readonly beganMs: number | undefined;
  readonly endedMs: number;
  readonly outcome: ThreadOutcome;
}

export type FromThread =
  | { readonly type: 'up' }
  | ThreadResult
  | {
      readonly type: 'said';
      readonly ticket: number;
      readonly kind: EntryKind;
      readonly body: Readonly<Record<string, unknown>>;
      readonly once: string | undefined;
    }
  /** `isPacked`: its arguments hold errors, packed by {@link packErrors}. */
  | {
      readonly type: 'submitted';
      readonly ticket: number;
      readonly call: RemoteCall;
      readonly isPacked: boolean;
    }
  | {
      readonly type: 'awaited';
      readonly ticket: number;
      readonly wait: number;
      readonly call: number;
      readonly item: number | undefined;
    }
  /** Whole lines for the process's own output. */
  | { readonly type: 'printed'; readonly stream: 'stdout' | 'stderr'; readonly text: string };
