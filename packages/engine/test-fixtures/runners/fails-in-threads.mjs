import { isMainThread } from 'node:worker_threads';

if (!isMainThread) throw new RangeError('not in threads');
