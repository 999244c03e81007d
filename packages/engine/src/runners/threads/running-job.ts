import type { Job } from '../runner.ts';
import type { PoolThread } from './pool-thread.ts';
import type { KnownTask } from './task-table.ts';

/** A job that the runner has taken and not ended. */
export interface RunningJob {
  readonly job: Job;
  readonly task: KnownTask;
  /** Where it was sent; undefined while it waits for a thread. */
  thread: PoolThread | undefined;
  ticket: number;
  /** It was expected to be short when it was sent. */
  isShort: boolean;
  /** Values of children that it waits for; while there are any, others have its slot. */
  waits: number;
  interruptedBy: Error | undefined;
  grace: NodeJS.Timeout | undefined;
  isOver: boolean;
}

export function runningJob(job: Job, task: KnownTask): RunningJob {
  return {
    job,
    task,
    thread: undefined,
    ticket: -1,
    isShort: false,
    waits: 0,
    interruptedBy: undefined,
    grace: undefined,
    isOver: false,
  };
}
