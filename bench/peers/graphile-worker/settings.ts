import type { Case } from '../../suite/case.ts';

export interface WorkerSettings {
  readonly concurrentJobs: number;
  readonly maxPoolSize: number;
  /** Jobs that a process fetches at once; absent: each slot fetches its own. */
  readonly localQueueSize?: number;
}

/** Of the documentation's page on performance: what its own figures were measured with. */
const THROUGHPUT_QUEUE = 500;
/** Connections besides those that jobs use: one listens, one is spare. */
const SPARE_CONNECTIONS = 2;

/**
 * `size: 500` for jobs that do nothing. For the tree the smaller size that the documentation starts from
 * (`concurrentJobs + 1`): a reducer, though of higher priority, is not seen before the local queue is empty.
 */
export function settingsOf(of: Case): WorkerSettings {
  const base = { concurrentJobs: of.threads, maxPoolSize: of.threads + SPARE_CONNECTIONS };
  if (of.variant === 'plain') return base;
  return { ...base, localQueueSize: of.row === 'tree' ? of.threads + 1 : THROUGHPUT_QUEUE };
}

export function presetOf({
  concurrentJobs,
  maxPoolSize,
  localQueueSize,
}: WorkerSettings): GraphileConfig.WorkerOptions {
  const base = { concurrentJobs, maxPoolSize };
  if (localQueueSize === undefined) return base;
  return { ...base, localQueue: { size: localQueueSize }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
}
