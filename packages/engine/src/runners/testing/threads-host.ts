import { threadsRunner, type ThreadsOptions } from '../threads/threads-runner.ts';
import { SlotHost } from './slot-host.ts';

/** A host with a threads runner; `await using` closes it. */
export function threadsHost(options: Partial<ThreadsOptions> = {}): SlotHost {
  return new SlotHost(threadsRunner({ size: 2, ...options }));
}
