import type { Job, LateOutcome } from '../runner.ts';
import type { KnownTask } from './task-table.ts';

/** A job that the runner has taken and not ended, on a thread as its pool knows it. */
export interface RunningJob<Thread> {
  readonly job: Job;
  readonly task: KnownTask;
  /** Jobs of the pool that wait for it, one through the other, and itself. */
  readonly depth: number;
  /** Where it was sent; undefined while it waits for a thread. */
  thread: Thread | undefined;
  ticket: number;
  /** It was expected to be short when it was sent. */
  isShort: boolean;
  /** It has its thread to itself: it is synchronous as far as is known, or must not have neighbours. */
  isAlone: boolean;
  /** It was sent ahead of the end of those before it. */
  isBehind: boolean;
  /** Values of children that it waits for; while there are any, others have its slot. */
  waits: number;
  interruptedBy: Error | undefined;
  /** It was given up: who is to be told what its code comes to. */
  late: ((outcome: LateOutcome) => void) | undefined;
  grace: NodeJS.Timeout | undefined;
  isOver: boolean;
}

export function runningJob<Thread>(job: Job, task: KnownTask, depth: number): RunningJob<Thread> {
  return {
    job,
    task,
    depth,
    thread: undefined,
    ticket: -1,
    isShort: false,
    isAlone: job.isAlone === true || !task.isAsync,
    isBehind: false,
    waits: 0,
    interruptedBy: undefined,
    late: undefined,
    grace: undefined,
    isOver: false,
  };
}
