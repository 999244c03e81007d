/**
 * What a worker does with a job, by the job's name. It is a module of its own with a default export because
 * sandboxed processors are named by file.
 */
import { FlowProducer, type Job, type SandboxedJob } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ArrayFile, leaf, type LeafOf, reduce } from '../node/array-task.ts';
import { connect, PREFIX } from './redis.ts';
import { chain, round } from './flows.ts';

export interface TaskData {
  readonly path?: string;
  readonly leaf?: LeafOf;
  /** Of a job that gathers: which round it ends, and how many there are. */
  readonly round?: number;
  readonly rounds?: number;
  /** Of a job that links one flow of a chain to the next: how many hops are left. */
  readonly hops?: number;
}

let producer: FlowProducer | undefined;

// oxlint-disable-next-line import/no-default-export -- BullMQ takes a sandboxed processor from the default export
export default async function processor(
  job: Job<TaskData> | SandboxedJob<TaskData>,
): Promise<ArrayFile | undefined> {
  const { name, data } = job;
  switch (name) {
    case 'warm-up':
      await sleep(100);
      return undefined;
    case 'leaf':
      return data.leaf === undefined ? undefined : leaf(data.path ?? '', data.leaf);
    case 'reduce': {
      const [left, right] = Object.values(await job.getChildrenValues<ArrayFile>());
      if (left === undefined || right === undefined) throw new Error('a child has no value');
      return reduce(data.path ?? '', left, right);
    }
    case 'gather': {
      const next = (data.round ?? 0) + 1;
      if (next < (data.rounds ?? 0)) {
        await flows().add(round(next, data.rounds ?? 0));
      }
      return undefined;
    }
    case 'link':
      await flows().add(chain(data.hops ?? 0));
      return undefined;
    default:
      return undefined;
  }
}

function flows(): FlowProducer {
  producer ??= new FlowProducer({ connection: connect(), prefix: PREFIX });
  return producer;
}

/** Closes what the processor opened in this process. */
export async function closeProducer(): Promise<void> {
  await producer?.close();
}
