import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DBOS } from '@dbos-inc/dbos-sdk';
import type { Case } from '../../suite/case.ts';
import type { Measured, Outcome } from '../../suite/outcome.ts';
import { arrayFolder, arrayPassing, load } from '../node/array-task.ts';
import { Fleet } from '../node/fleet.ts';
import { createDatabase, dropDatabase, durability, execute, sizeOf } from '../node/postgres.ts';
import { answer, coldSeconds, versionsOf } from '../node/program.ts';
import { tasksOf } from '../node/tasks-of.ts';
import { launch, QUEUE } from './application.ts';
import { connect, DATABASE } from './database.ts';
import { POLL_MS, runOnQueue, warmUpQueue } from './queued.ts';
import { runAsSteps } from './steps.ts';

/** Of the caller; the default is 10, and there are up to sixteen steps at a time. */
const POOL = 20;
/** Of each of sixteen worker processes: together they must leave the server some of its 100 connections. */
const SMALL_POOL = 3;

/** Steps that run before the clock starts, so that connections and code are warm. */
const WARM_UPS = 64;

type Variant = 'steps' | 'queue';

await answer(async (of): Promise<Outcome> => {
  const variant = of.variant ?? 'steps';
  if (variant !== 'steps' && variant !== 'queue') throw new Error(`no variant ${variant}`);
  if (variant === 'steps' && of.processes > 1)
    return {
      cannot:
        'the steps of a workflow run in the process that executes the workflow; several processes share work through a queue of workflows (variant "queue")',
    };
  await createDatabase(connect, DATABASE);
  try {
    await launch({ executorID: 'caller', poolSize: POOL, listenQueues: [] });
    try {
      return await measure(of, variant);
    } finally {
      await DBOS.shutdown();
    }
  } finally {
    await dropDatabase(connect, DATABASE);
  }
});

async function measure(of: Case, variant: Variant): Promise<Outcome> {
  const { server_version: postgresql = 'unknown', ...durable } = await durability(connect);
  const versions = { ...versionsOf(import.meta.dirname, '@dbos-inc/dbos-sdk', 'pg'), postgresql };
  const settings = { ...durable, serializer: 'the default (superjson)', systemDatabasePoolSize: POOL };
  if (of.row === 'cold-hello') {
    const tWorkflow = coldSeconds(fileURLToPath(new URL('hello.ts', import.meta.url)));
    const tasksExecuted = await recorded('steps', 'hello');
    return { tWorkflow, tasksExecuted, tasksCached: 0, versions, settings };
  }
  await using fleet = new Fleet();
  if (variant === 'queue') await startWorkers(fleet, of);
  else await runAsSteps({ ...of, row: 'noop-map', n: WARM_UPS }, '');
  const warmUps = await recorded(variant, 'noop');
  const before = await sizeOf(connect, DATABASE);
  const folder = arrayFolder();
  try {
    const began = performance.now();
    const result = await (variant === 'steps' ? runAsSteps(of, folder) : runOnQueue(of, folder));
    const sum = result === undefined ? undefined : load(result);
    const tWorkflow = (performance.now() - began) / 1000;
    const count = async (): Promise<number> =>
      (await recorded(countedAs(of, variant), 'leaf', 'reduce', 'noop')) - warmUps;
    const recordedAtEnd = await count();
    const tasks = tasksOf(of);
    const secondsUntilRecorded = await until(async () => (await count()) >= tasks, recordedAtEnd >= tasks);
    const tree = result === undefined ? {} : { tSumTaskTimes: result.seconds, check: sum?.[0] ?? Number.NaN };
    return {
      tWorkflow,
      ...tree,
      tasksExecuted: await count(),
      tasksCached: 0,
      recordedAtEnd,
      recordedExpected: tasks,
      secondsUntilRecorded,
      bytesPerTask: ((await sizeOf(connect, DATABASE)) - before) / tasks,
      versions,
      settings: {
        ...settings,
        ...settingsOf(of, variant),
        ...(result === undefined ? {} : { arrays: arrayPassing(folder) }),
      },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startWorkers(fleet: Fleet, of: Case): Promise<void> {
  await DBOS.registerQueue(QUEUE, { workerConcurrency: of.threads, minPollingIntervalMs: POLL_MS });
  const poolSize = of.processes > 1 ? SMALL_POOL : POOL;
  await fleet.start(fileURLToPath(new URL('worker.ts', import.meta.url)), of.processes, { poolSize });
  await warmUpQueue(2 * of.processes * of.threads);
}

function settingsOf(of: Case, variant: Variant): Measured['settings'] {
  if (variant === 'steps')
    return {
      tasks:
        of.row === 'noop-map'
          ? 'DBOS.runStep in a child workflow a slot'
          : 'DBOS.runStep in one workflow, Promise.allSettled',
      'steps at a time': of.threads,
      processor: 'the steps share one Node.js thread',
    };
  return {
    tasks: 'a workflow each, DBOS.startWorkflow with queueName; DBOS.waitAll by the coordinating workflow',
    workers: of.processes,
    workerConcurrency: of.threads,
    minPollingIntervalMs: POLL_MS,
    'pollingIntervalMs of waitAll and getResult': POLL_MS,
    'systemDatabasePoolSize of a worker': of.processes > 1 ? SMALL_POOL : POOL,
    processor: 'the workflows of a worker share one Node.js thread',
  };
}

/** A stage is a workflow, but its task is a step in it. */
function countedAs(of: Case, variant: Variant): Variant {
  return of.row === 'stages' ? 'steps' : variant;
}

/** Tasks recorded with these names, as steps or as workflows that succeeded. */
async function recorded(as: Variant, ...names: readonly string[]): Promise<number> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const [row] = await execute(
    connect,
    DATABASE,
    as === 'steps'
      ? `SELECT count(*)::int AS count FROM dbos.operation_outputs WHERE function_name IN (${list}) AND error IS NULL AND child_workflow_id IS NULL`
      : `SELECT count(*)::int AS count FROM dbos.workflow_status WHERE name IN (${list}) AND status = 'SUCCESS'`,
  );
  return Number(row?.['count']);
}

async function until(is: () => Promise<boolean>, wasAtOnce: boolean): Promise<number> {
  if (wasAtOnce) return 0;
  const began = performance.now();
  while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 5));
  return (performance.now() - began) / 1000;
}
