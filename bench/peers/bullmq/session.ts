/** The caller's side of a case: queue, flow producer and the events that tell when jobs have ended. */
import { FlowProducer, type Job, type JobNode, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { clean, connect, PREFIX, QUEUE } from './redis.ts';

/** The stream of events is trimmed to about this many; the caller must not miss one. */
const EVENTS_BESIDES = 10_000;
const EVENTS_PER_JOB = 5;

export class Session implements AsyncDisposable {
  readonly connection: Redis;
  readonly queue: Queue;
  readonly producer: FlowProducer;
  readonly events: QueueEvents;

  /** Removes what an ended case may have left, first: opening a queue writes its settings to Redis. */
  static async open(jobs: number): Promise<Session> {
    const connection = connect();
    await clean(connection);
    const session = new Session(connection, jobs);
    await Promise.all([
      session.queue.waitUntilReady(),
      session.producer.waitUntilReady(),
      session.events.waitUntilReady(),
    ]);
    return session;
  }

  private constructor(connection: Redis, jobs: number) {
    this.connection = connection;
    const maxLen = jobs * EVENTS_PER_JOB + EVENTS_BESIDES;
    this.queue = new Queue(QUEUE, { connection, prefix: PREFIX, streams: { events: { maxLen } } });
    this.producer = new FlowProducer({ connection, prefix: PREFIX });
    this.events = new QueueEvents(QUEUE, { connection: connect(), prefix: PREFIX });
    this.events.on('failed', ({ jobId, failedReason }) => {
      console.error(`job ${jobId} failed: ${failedReason}`);
      process.exit(1);
    });
  }

  /** Resolves when this many jobs have completed. */
  completions(count: number): Promise<void> {
    return new Promise((resolve) => {
      let left = count;
      const onCompleted = (): void => {
        left -= 1;
        if (left > 0) return;
        this.events.off('completed', onCompleted);
        resolve();
      };
      this.events.on('completed', onCompleted);
    });
  }

  /** Resolves when the job with this id has completed. */
  completion(id: string): Promise<void> {
    return new Promise((resolve) => {
      const onCompleted = ({ jobId }: { readonly jobId: string }): void => {
        if (jobId !== id) return;
        this.events.off('completed', onCompleted);
        resolve();
      };
      this.events.on('completed', onCompleted);
    });
  }

  /** The value that the root of a flow returns. */
  async valueOf<T>(root: JobNode): Promise<T> {
    return (root.job as Job<unknown, T>).waitUntilFinished(this.events);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.queue.close(), this.producer.close(), this.events.close()]);
    this.connection.disconnect();
  }
}
