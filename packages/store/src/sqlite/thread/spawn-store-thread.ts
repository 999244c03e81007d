import { Worker } from 'node:worker_threads';
import { threadArguments, threadEnvironment } from '@sidereal/core';
import type { ThreadOptions } from '../wire/protocol.ts';

/** Starts the store's thread. The one place that names its entry file: what builds a bundle rewrites it here. */
export function spawnStoreThread(options: ThreadOptions): Worker {
  const execArgv = threadArguments(process.execArgv);
  return new Worker(new URL('./store-thread.ts', import.meta.url), {
    workerData: options,
    env: threadEnvironment(process.env).variables,
    ...(execArgv === undefined ? {} : { execArgv }),
    name: 'sidereal-store',
  });
}
