import type { TaskDefinition } from '../authoring/task-definition.ts';
import type { EntryKind } from '@sidereal/core';

/** Where task code can execute. */
export type RunnerName = 'inline' | 'threads';

/** One attempt of one task run, ready to execute: inputs resolved, slot granted. */
export interface Job {
  /** Unique among the jobs that this runner holds. */
  readonly id: number;
  readonly attempt: number;
  readonly task: TaskDefinition;
  readonly args: readonly unknown[];
  readonly info: JobInfo;
  /**
   * Buffers inside `args` that the job may have instead of a copy: they are empty for the owner afterwards,
   * also if the job is lost. Only for a job that is their only consumer and that the owner can feed again.
   */
  readonly transfer?: readonly ArrayBuffer[];
}

/** What the code under way may ask about itself (`run.*`). Plain data: it crosses to threads. */
export interface JobInfo {
  readonly runId: string;
  /** Task key, 32 hexadecimal digits: stable across attempts and resumes. */
  readonly key: string;
  readonly name: string;
  readonly attempt: number;
}

/** How a job ended. `crashed` is the infrastructure's fault: a lost thread, memory exhausted, a value that cannot travel is not (`threw`). */
export type JobOutcome =
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown }
  | { readonly type: 'crashed'; readonly error: unknown };

/** When a job's code ran, by the clock of where it ran: milliseconds since the epoch, with fractions. */
export interface JobTiming {
  readonly beganMs: number;
  readonly endedMs: number;
}

/** What a runner tells its owner. Calls may come in the same tick as `start`, never before `start` returns. */
export interface RunnerHost {
  /** Exactly once for each started job, unless the runner is closed first. No `timing`: its code never began. */
  ended(id: number, outcome: JobOutcome, timing: JobTiming | undefined): void;
  /**
   * Something said or made by the job: a log line, progress, QA, an artifact. `body` is plain data; `once` as
   * in `Scope.say`. What a job says arrives in its order, before its `ended`.
   */
  said(id: number, kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void;
  /** The job submits a child: a task or stage by module and name. Rejections and values travel back by `await`. */
  submitted(id: number, call: RemoteCall): void;
  /**
   * The job waits for a child's value (`call` is its number within the job; `item` one item of a map call).
   * While a job waits for any, it is parked: its slot goes to others. The host settles with the child's
   * outcome, once a slot is there again; further waits may come before that.
   */
  awaited(id: number, call: number, item: number | undefined): Promise<unknown>;
}

/** A call made by a job that executes elsewhere. Arguments are cloned; futures in them are {@link RemoteFuture}s. */
export interface RemoteCall {
  /** Number of the call within its job, from 0. Calls whose arguments hold a plain promise are made late: out of turn. */
  readonly call: number;
  readonly verb: 'task' | 'stage' | 'map' | 'reduce' | 'settled';
  readonly module: string;
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  /**
   * Task: its arguments. Stage: `[input]`. Settled: `[future]`.
   * Map: `[tuples, { failFast, keys? }]`, one argument tuple an item; or in place of the tuples the future of
   * a list, each item of which is then the only argument.
   * Reduce: `[items, { arity, initial? }]`, items in a list or the future of one; `initial` is `{ value }`.
   */
  readonly args: readonly unknown[];
  /** Numbers of the calls of the same job to come after, without consuming them. */
  readonly after: readonly number[];
  /** The user's own line, for errors. */
  readonly at: string | undefined;
}

/** Stands for the value of an earlier call of the same job inside another call's arguments. */
export interface RemoteFuture {
  readonly '@sidereal/call': number;
  /** One item of a map call; absent: the call as a whole. */
  readonly item?: number;
}

/** A place where task code executes. One contract suite runs against every implementation. */
export interface Runner {
  readonly name: RunnerName;
  /** Jobs that it executes at once; parked jobs do not count. */
  readonly capacity: number;
  /**
   * Jobs that may be started beyond `capacity` just now, because those of late were so short that sending
   * them one by one would cost more than running them. 0 as soon as one is not.
   */
  readonly prefetch: number;
  /** May a run of this task be among those? Only if the last of its own were short too. */
  mayGoAhead(task: TaskDefinition): boolean;
  /**
   * Begins a job. The caller never starts more than `capacity + prefetch` unparked jobs, and beyond `capacity`
   * only such as may go ahead.
   */
  start(job: Job): void;
  /**
   * When the job's own code began, milliseconds since the epoch; undefined while it waits for a thread to come
   * up, for its module, or behind a short job. Timeouts count from here.
   */
  beganAt(id: number): number | undefined;
  /**
   * Asks a job to stop: its signal is aborted with `reason`; a runner that can end it by force does so after
   * a grace of at most half a second (`ended` is then called with what the owner should record: `threw`
   * with `reason`). Inline code cannot be forced.
   */
  interrupt(id: number, reason: Error): void;
  /** Stops everything by force if need be and frees threads; no `ended` after it resolves. Idempotent. */
  close(): Promise<void>;
}

/** Makes a runner for its owner. */
export type RunnerFactory = (host: RunnerHost) => Runner;
