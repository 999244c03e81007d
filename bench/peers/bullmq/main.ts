import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Case } from '../../suite/case.ts';
import type { Measured, Outcome } from '../../suite/outcome.ts';
import { type ArrayFile, arrayFolder, arrayPassing, load } from '../node/array-task.ts';
import { Fleet } from '../node/fleet.ts';
import { answer, coldSeconds, versionsOf } from '../node/program.ts';
import { tasksOf } from '../node/tasks-of.ts';
import { chain, gatherId, LAST_HOP, NESTED, round, stages, tree } from './flows.ts';
import { bytesUsed, clean, durability } from './redis.ts';
import { Session } from './session.ts';
import type { WorkerArgument } from './worker.ts';

/** Jobs of a case: tasks, and the parents that only stand for a stage. */
const PARENTS_BESIDES = { tree: 0, 'noop-map': 0, chain: 0, fan: 0, stages: 1, 'cold-hello': 0 };
/** Jobs in one bulk, so that no transaction blocks Redis for long. */
const BULK = 10_000;

await answer(async (of): Promise<Outcome> => {
  const variant = of.variant ?? 'async';
  if (variant !== 'async' && variant !== 'worker-threads') throw new Error(`no variant ${variant}`);
  const jobs = jobsOf(of);
  await using session = await Session.open(jobs);
  const info = /redis_version:(\S+)/u.exec(await session.connection.info('server'));
  const common = {
    versions: { ...versionsOf(import.meta.dirname, 'bullmq', 'ioredis'), redis: info?.[1] ?? 'unknown' },
    settings: {
      ...(await durability(session.connection)),
      workers: of.processes,
      concurrency: of.threads,
      processor:
        variant === 'async'
          ? 'async function; the jobs of a worker share one Node.js thread'
          : 'sandboxed, useWorkerThreads: true; one thread a job',
      removeOnComplete: false,
    },
  };
  try {
    if (of.row === 'cold-hello') {
      const tWorkflow = coldSeconds(fileURLToPath(new URL('hello.ts', import.meta.url)));
      const tasksExecuted = await session.queue.getCompletedCount();
      return { ...common, tWorkflow, tasksExecuted, tasksCached: 0 };
    }
    await using fleet = new Fleet();
    const argument: WorkerArgument = {
      concurrency: of.threads,
      useWorkerThreads: variant === 'worker-threads',
    };
    await fleet.start(fileURLToPath(new URL('worker.ts', import.meta.url)), of.processes, argument);
    await warmUp(session, of);
    const before = await bytesUsed(session.connection);
    const measured = await measure(session, of);
    const completed = await session.queue.getCompletedCount();
    return {
      ...common,
      ...measured.outcome,
      settings: { ...common.settings, ...measured.settings },
      tasksExecuted: completed - PARENTS_BESIDES[of.row] * of.n,
      tasksCached: 0,
      recordedAtEnd: completed,
      recordedExpected: jobs,
      secondsUntilRecorded: await untilRecorded(session, jobs),
      bytesPerTask: ((await bytesUsed(session.connection)) - before) / tasksOf(of),
    };
  } finally {
    await clean(session.connection);
  }
});

interface Run {
  readonly outcome: Pick<Measured, 'tWorkflow' | 'tSubmit' | 'tSumTaskTimes' | 'check'>;
  readonly settings: Measured['settings'];
}

async function measure(session: Session, of: Case): Promise<Run> {
  switch (of.row) {
    case 'tree':
      return measureTree(session, of);
    case 'noop-map': {
      const jobs = Array.from({ length: of.n }, () => ({ name: 'noop', data: {} }));
      const all = session.completions(of.n);
      return timed(
        async () => {
          for (let at = 0; at < jobs.length; at += BULK)
            await session.queue.addBulk(jobs.slice(at, at + BULK));
        },
        () => all,
        { submitted: `Queue.addBulk, ${BULK} a call`, ended: 'QueueEvents completed' },
      );
    }
    case 'chain': {
      const flow = chain(of.n);
      const last = session.completion(LAST_HOP);
      return timed(
        () => session.producer.add(flow),
        () => last,
        {
          submitted: `FlowProducer.add of up to ${NESTED} nested children; the parent of these adds what is left`,
          ended: 'QueueEvents completed of the last parent',
        },
        of.n <= NESTED,
      );
    }
    case 'fan': {
      const last = session.completion(gatherId(of.n - 1));
      return timed(
        () => session.producer.add(round(0, of.n)),
        () => last,
        {
          submitted: 'FlowProducer.add of a round; the parent that gathers adds the next one',
          ended: 'QueueEvents completed of the last parent',
        },
        false,
      );
    }
    case 'stages': {
      const flows = stages(of.n);
      const all = session.completions(2 * of.n);
      return timed(
        () => session.producer.addBulk(flows),
        () => all,
        {
          submitted: 'FlowProducer.addBulk of parents with one child; the parents are jobs too',
          ended: 'QueueEvents completed',
        },
      );
    }
    case 'cold-hello':
      throw new Error('cold-hello is a process of its own');
  }
}

async function measureTree(session: Session, of: Case): Promise<Run> {
  const folder = arrayFolder();
  try {
    const flow = tree(of, folder);
    let result: ArrayFile | undefined;
    let sum: Float64Array | undefined;
    const { outcome, settings } = await timed(
      () => session.producer.add(flow),
      async (root) => {
        result = await session.valueOf<ArrayFile>(root);
        sum = load(result);
      },
      { submitted: 'FlowProducer.add of the tree', ended: 'job.waitUntilFinished of the root' },
    );
    return {
      outcome: { ...outcome, tSumTaskTimes: result?.seconds ?? Number.NaN, check: sum?.[0] ?? Number.NaN },
      settings: { ...settings, arrays: arrayPassing(folder) },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The clock starts when the graph is described and stops when the result is here. */
async function timed<T>(
  submit: () => Promise<T>,
  end: (submitted: T) => Promise<unknown>,
  settings: Run['settings'],
  isAllSubmitted = true,
): Promise<Run> {
  const began = performance.now();
  const submitted = await submit();
  const tSubmit = (performance.now() - began) / 1000;
  await end(submitted);
  const tWorkflow = (performance.now() - began) / 1000;
  return { outcome: isAllSubmitted ? { tWorkflow, tSubmit } : { tWorkflow }, settings };
}

/** Twice as many jobs as slots, each long enough that every slot gets one. */
async function warmUp(session: Session, of: Case): Promise<void> {
  const count = 2 * of.processes * of.threads;
  const all = session.completions(count);
  const opts = { removeOnComplete: true };
  await session.queue.addBulk(Array.from({ length: count }, () => ({ name: 'warm-up', data: {}, opts })));
  await all;
}

async function untilRecorded(session: Session, jobs: number): Promise<number> {
  const began = performance.now();
  if ((await session.queue.getCompletedCount()) >= jobs) return 0;
  while ((await session.queue.getCompletedCount()) < jobs)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return (performance.now() - began) / 1000;
}

function jobsOf(of: Case): number {
  return tasksOf(of) + PARENTS_BESIDES[of.row] * of.n;
}
