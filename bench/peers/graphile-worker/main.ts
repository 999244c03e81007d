import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type WorkerUtils, makeWorkerUtils, runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Case } from '../../suite/case.ts';
import type { Measured, Outcome } from '../../suite/outcome.ts';
import { type ArrayFile, arrayFolder, arrayPassing, load } from '../node/array-task.ts';
import { Fleet } from '../node/fleet.ts';
import { createDatabase, dropDatabase, durability, execute, sizeOf, urlOf } from '../node/postgres.ts';
import { answer, coldSeconds, versionsOf } from '../node/program.ts';
import { Counter } from './counter.ts';
import { connect, DATABASE } from './database.ts';
import { chain, fan, type GraphNode, tree } from './graph.ts';
import { logger } from './logger.ts';
import { settingsOf } from './settings.ts';

type Settings = Measured['settings'];
type Figures = Omit<Measured, 'versions' | 'settings' | 'tasksCached' | 'bytesPerTask'>;

/** Jobs in one call of `addJobs`: one parameter of a query. */
const BULK = 10_000;

await answer(async (of): Promise<Outcome> => {
  if (of.row === 'stages')
    return {
      cannot:
        'Graphile Worker has jobs and queues; a job has no children and no parent. Its documentation leaves dependencies and workflows to the application (graphile/worker issue 458), so there is no sub-flow to measure',
    };
  const variant = of.variant ?? 'batching';
  if (variant !== 'batching' && variant !== 'plain') throw new Error(`no variant ${variant}`);
  await createDatabase(connect, DATABASE);
  try {
    const utilities = await makeWorkerUtils({
      connectionString: urlOf(DATABASE),
      preset: { worker: { logger } },
    });
    try {
      return await measure(of, utilities);
    } finally {
      await utilities.release();
    }
  } finally {
    await dropDatabase(connect, DATABASE);
  }
});

async function measure(of: Case, utilities: WorkerUtils): Promise<Outcome> {
  await runMigrations({ connectionString: urlOf(DATABASE), preset: { worker: { logger } } });
  const { server_version: postgresql = 'unknown', ...durable } = await durability(connect);
  const versions = { ...versionsOf(import.meta.dirname, 'graphile-worker', 'pg'), postgresql };
  if (of.row === 'cold-hello') {
    const tWorkflow = coldSeconds(fileURLToPath(new URL('hello.ts', import.meta.url)));
    return { tWorkflow, tasksExecuted: 1 - (await jobsLeft()), tasksCached: 0, versions, settings: durable };
  }
  await execute(connect, DATABASE, await readFile(new URL('join-table.sql', import.meta.url), 'utf8'));
  const counter = new Counter();
  await using fleet = new Fleet((count) => counter.add(Number(count)));
  const settings = settingsOf(of);
  await fleet.start(fileURLToPath(new URL('worker.ts', import.meta.url)), of.processes, settings);
  const warmUps = 2 * of.processes * of.threads;
  const isWarm = counter.until(warmUps);
  await utilities.addJobs(jobs('warm-up', warmUps));
  await isWarm;
  await emptied();
  counter.reset();
  const before = await sizeOf(connect, DATABASE);
  const { figures, more } = await run(of, utilities, counter);
  return {
    ...figures,
    tasksCached: 0,
    bytesPerTask: ((await sizeOf(connect, DATABASE)) - before) / figures.tasksExecuted,
    versions,
    settings: {
      ...durable,
      workers: of.processes,
      concurrentJobs: settings.concurrentJobs,
      maxPoolSize: settings.maxPoolSize,
      'localQueue.size': settings.localQueueSize ?? -1,
      completeJobBatchDelay: settings.localQueueSize === undefined ? -1 : 0,
      processor: 'async function; the jobs of a worker share one Node.js thread',
      records: 'none: a completed job is deleted',
      ...more,
    },
  };
}

interface Run {
  readonly figures: Figures;
  readonly more: Settings;
}

async function run(of: Case, utilities: WorkerUtils, counter: Counter): Promise<Run> {
  switch (of.row) {
    case 'noop-map':
      return map(of.n, utilities, counter);
    case 'chain':
      return runGraph(chain(of.n), counter);
    case 'fan':
      return runGraph(fan(of.n), counter);
    case 'tree': {
      const folder = arrayFolder();
      try {
        const { figures, more } = await runGraph(tree(of, folder), counter);
        return { figures, more: { ...more, arrays: arrayPassing(folder) } };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    case 'stages':
    case 'cold-hello':
      throw new Error(`${of.row} does not come here`);
  }
}

/** Ended when the workers have reported every job and the queue is empty, so that no completion is still to be written. */
async function map(n: number, utilities: WorkerUtils, counter: Counter): Promise<Run> {
  const all = jobs('noop', n);
  const done = counter.until(n);
  const began = performance.now();
  for (let at = 0; at < n; at += BULK) await utilities.addJobs(all.slice(at, at + BULK));
  const tSubmit = secondsSince(began);
  await done;
  await emptied();
  return {
    figures: { tWorkflow: secondsSince(began), tSubmit, tasksExecuted: counter.count },
    more: {
      submitted: `addJobs, ${BULK} a call`,
      ended: 'job:complete of all, and no job left in the table',
    },
  };
}

/** Submits nodes and the jobs of those that wait for nothing, in one transaction; ended when the last node says so. */
async function runGraph(nodes: readonly GraphNode[], counter: Counter): Promise<Run> {
  const client = new pg.Client(urlOf(DATABASE));
  await client.connect();
  try {
    await client.query('LISTEN bench_done');
    const done = new Promise<string>((resolve) => {
      client.once('notification', ({ payload }: pg.Notification) => resolve(payload ?? ''));
    });
    const began = performance.now();
    await client.query('BEGIN');
    for (let at = 0; at < nodes.length; at += BULK)
      await client.query(
        `INSERT INTO bench.node (id, task, payload, dependents, waiting)
         SELECT id, task, payload, ARRAY(SELECT jsonb_array_elements_text(dependents)::int), waiting
         FROM jsonb_to_recordset($1::jsonb)
           AS node (id int, task text, payload jsonb, dependents jsonb, waiting int)`,
        [JSON.stringify(nodes.slice(at, at + BULK))],
      );
    await client.query(
      'SELECT bench.add_jobs(ARRAY(SELECT node FROM bench.node WHERE waiting = 0 ORDER BY id))',
    );
    await client.query('COMMIT');
    const tSubmit = secondsSince(began);
    const result = JSON.parse((await done) || 'null') as ArrayFile | null;
    const sum = result === null ? undefined : load(result);
    const tWorkflow = secondsSince(began);
    await counter.until(nodes.length);
    const figures = { tWorkflow, tSubmit, tasksExecuted: counter.count };
    return {
      figures:
        result === null
          ? figures
          : { ...figures, tSumTaskTimes: result.seconds, check: sum?.[0] ?? Number.NaN },
      more: {
        submitted: 'nodes of a join table and jobs of those that wait for nothing, one transaction',
        dependencies: 'a job adds those that waited for it last, in the transaction of its result',
        ended: 'NOTIFY by the last node',
      },
    };
  } finally {
    await client.end();
  }
}

function jobs(
  identifier: string,
  count: number,
): { readonly identifier: string; readonly payload: object }[] {
  return Array.from({ length: count }, () => ({ identifier, payload: {} }));
}

async function jobsLeft(): Promise<number> {
  const [row] = await execute(connect, DATABASE, 'SELECT count(*)::int AS left FROM graphile_worker.jobs');
  return Number(row?.['left']);
}

async function emptied(): Promise<void> {
  const client = connect(urlOf(DATABASE));
  await client.connect();
  try {
    const isLeft = 'SELECT FROM graphile_worker._private_jobs LIMIT 1';
    while ((await client.query(isLeft)).rows.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
  } finally {
    await client.end();
  }
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}
