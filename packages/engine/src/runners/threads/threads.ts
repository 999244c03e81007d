import { availableParallelism } from 'node:os';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { registerRunner } from '../runner-kinds.ts';
import { threadsRunner } from './threads-runner.ts';

const NAME = 'threads';

registerRunner({
  name: NAME,
  defaultChoice: () => threads(),
  make: (host, { size = availableParallelism() }) => threadsRunner({ size })(host),
});

/**
 * Task code executes on worker threads, one task at a time on each; default: one thread a core. With a flow's
 * `concurrency` beyond `size`, asynchronous tasks share threads: so many of them may wait at once.
 */
export function threads(size: number = availableParallelism()): RunnerChoice {
  return { runner: NAME, size };
}
