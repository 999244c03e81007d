import type { Job, LateOutcome } from '../runner.ts';
import type { KnownTask } from './task-table.ts';

/** A job that the runner has taken and not ended, on a thread as its pool knows it. */
export interface RunningJob<Thread> {
  readonly job: Job;
  readonly task: KnownTask;
  /** Where it was sent; undefined while it waits for a thread. */
  thread: Thread | undefined;
  ticket: number;
  /** It was expected to be short when it was sent. */
  isShort: boolean;
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

export function runningJob<Thread>(job: Job, task: KnownTask): RunningJob<Thread> {
  return {
    job,
    task,
    thread: undefined,
    ticket: -1,
    isShort: false,
    isBehind: false,
    waits: 0,
    interruptedBy: undefined,
    late: undefined,
    grace: undefined,
    isOver: false,
  };
}
