/** The row `cold-hello`: a process with a worker of its own adds one job, waits for its value and ends. */
import { Queue, QueueEvents, Worker } from 'bullmq';
import { connect, PREFIX, QUEUE } from './redis.ts';

const connection = connect();
const queue = new Queue(QUEUE, { connection, prefix: PREFIX });
const events = new QueueEvents(QUEUE, { connection, prefix: PREFIX });
const worker = new Worker(QUEUE, async () => 'hello', { connection, prefix: PREFIX });
await events.waitUntilReady();
const job = await queue.add('hello', {});
const value: unknown = await job.waitUntilFinished(events);
if (value !== 'hello') throw new Error(`the job returned ${String(value)}`);
await Promise.all([worker.close(), events.close(), queue.close()]);
connection.disconnect();
