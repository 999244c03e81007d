/** Short jobs that are sent to a busy thread, ahead of the end of those before them. */
import type { PooledJob, PoolThread } from './pool-thread.ts';

/** A job that has run for longer holds up those sent ahead behind it. */
export const STALLED_MS = 1;

/** A busy thread behind whose jobs a short one may be sent: the one with the fewest. */
export function threadAhead(running: PooledJob, threads: Iterable<PoolThread>): PoolThread | undefined {
  const { job, task } = running;
  if (!task.runTimes.areShort || job.transfer !== undefined || job.isAlone === true) return undefined;
  const stalledBefore = performance.now() - STALLED_MS;
  let best: PoolThread | undefined;
  for (const thread of threads) {
    if (!thread.takesMore || thread.since < stalledBefore) continue;
    if (best === undefined || thread.load < best.load) best = thread;
  }
  return best;
}

/**
 * Threads whose running job turned out long while others stand behind it, and the number of those with whom it may yet.
 * `isIdleForAny`: what carries asynchronous jobs counts too, because an idle thread would take some of them.
 */
export function stalledThreads(
  threads: Iterable<PoolThread>,
  isIdleForAny: () => boolean,
): {
  readonly stalled: readonly PoolThread[];
  readonly others: number;
} {
  const now = performance.now();
  const stalled: PoolThread[] = [];
  let others = 0;
  for (const thread of threads) {
    if (thread.jobs.size < 2 || (thread.carries && !isIdleForAny())) continue;
    // What was only just sent to one that carries jobs is about to begin.
    const since = thread.carries ? Math.max(thread.since, thread.sentMs) : thread.since;
    if (now - since >= STALLED_MS) stalled.push(thread);
    else others += 1;
  }
  return { stalled, others };
}
