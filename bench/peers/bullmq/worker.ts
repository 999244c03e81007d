/** A worker process: its argument says how many jobs at a time and whether each slot is a thread. */
import { Worker } from 'bullmq';
import { fileURLToPath } from 'node:url';
import { argument, serve } from '../node/fleet.ts';
import processor, { closeProducer } from './processor.ts';
import { connect, PREFIX, QUEUE } from './redis.ts';

export interface WorkerArgument {
  readonly concurrency: number;
  readonly useWorkerThreads: boolean;
}

const { concurrency, useWorkerThreads } = argument() as WorkerArgument;
const connection = connect();
const file = fileURLToPath(new URL('processor.ts', import.meta.url));
const worker = new Worker(QUEUE, useWorkerThreads ? file : processor, {
  connection,
  prefix: PREFIX,
  concurrency,
  useWorkerThreads,
});
worker.on('error', (error) => console.error(error));
worker.on('failed', (job, error) => console.error(job?.name, error));
await worker.waitUntilReady();
serve(async () => {
  await worker.close();
  await closeProducer();
  connection.disconnect();
});
