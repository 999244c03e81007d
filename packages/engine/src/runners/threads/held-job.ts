import type { Job } from '../runner.ts';
import type { PoolThread } from './pool-thread.ts';
import type { KnownTask } from './task-table.ts';

/** A job that the runner has taken and not ended. */
export interface HeldJob {
  readonly job: Job;
  readonly task: KnownTask;
  /** Where it was sent; undefined while it waits for a thread. */
  thread: PoolThread | undefined;
  ticket: number;
  /** It was expected to be short when it was sent. */
  isShort: boolean;
  /** Values of children that it waits for; it is parked while there are any. */
  waits: number;
  interruptedBy: Error | undefined;
  grace: NodeJS.Timeout | undefined;
  isOver: boolean;
}

export function heldJob(job: Job, task: KnownTask): HeldJob {
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
