/**
 * The rows as workflows that put each task, a workflow of its own, on a queue which worker processes poll. The
 * coordinating workflow runs in the caller. It waits for a level of the tree before it enqueues the next one: what it
 * calls must not depend on which task ends first.
 */
import { DBOS, type WorkflowHandle } from '@dbos-inc/dbos-sdk';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../../suite/case.ts';
import { type ArrayFile, leaf, type LeafOf, reduce } from '../node/array-task.ts';
import { reducersOf } from '../node/tree.ts';
import { QUEUE } from './application.ts';
import { stage } from './steps.ts';

/** Milliseconds between looks, of the queue by workers and of results by the coordinator; the default is 1000. */
export const POLL_MS = 50;

const FAN = 16;
const queueName = QUEUE;
const pollingIntervalMs = POLL_MS;

const leafTask = DBOS.registerWorkflow((path: string, of: LeafOf) => leaf(path, of), { name: 'leaf' });
const reduceTask = DBOS.registerWorkflow(
  async (path: string, left: ArrayFile, right: ArrayFile) => reduce(path, left, right),
  { name: 'reduce' },
);
const noopTask = DBOS.registerWorkflow(async () => undefined, { name: 'noop' });
const warmTask = DBOS.registerWorkflow(() => sleep(100), { name: 'warm-up' });

async function ended<T>(
  starts: readonly Promise<WorkflowHandle<T>>[],
): Promise<readonly WorkflowHandle<T>[]> {
  return DBOS.waitAll(await Promise.all(starts), { pollingIntervalMs });
}

const tree = DBOS.registerWorkflow(
  async (of: Case, folder: string): Promise<ArrayFile> => {
    const { minSeconds, maxSeconds, mebibytes } = of;
    const pathOf = (id: number): string => join(folder, String(id));
    const values: ArrayFile[] = [];
    const results = async (handles: readonly WorkflowHandle<ArrayFile>[]): Promise<void> => {
      values.push(...(await Promise.all(handles.map((handle) => handle.getResult({ pollingIntervalMs })))));
    };
    await results(
      await ended(
        Array.from({ length: of.n }, (_, id) =>
          DBOS.startWorkflow(leafTask, { queueName })(pathOf(id), { minSeconds, maxSeconds, mebibytes }),
        ),
      ),
    );
    for (const [, level] of Map.groupBy(reducersOf(of.n), (reducer) => reducer.level)) {
      await results(
        await ended(
          level.map(async ({ id, left, right }) => {
            const [one, other] = [values[left], values[right]];
            if (one === undefined || other === undefined) throw new Error('an input is missing');
            return DBOS.startWorkflow(reduceTask, { queueName })(pathOf(id), one, other);
          }),
        ),
      );
    }
    const root = values.at(-1);
    if (root === undefined) throw new Error('a tree has at least one leaf');
    return root;
  },
  { name: 'tree-on-queue' },
);

async function enqueued(target: typeof noopTask | typeof stage, count: number): Promise<void> {
  await ended(Array.from({ length: count }, () => DBOS.startWorkflow(target, { queueName })()));
}

const map = DBOS.registerWorkflow((of: Case) => enqueued(noopTask, of.n), { name: 'map-on-queue' });
const stages = DBOS.registerWorkflow((of: Case) => enqueued(stage, of.n), { name: 'stages-on-queue' });

const chain = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    for (let hop = 0; hop < of.n; hop += 1) await enqueued(noopTask, 1);
  },
  { name: 'chain-on-queue' },
);

const fan = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    for (let round = 0; round < of.n; round += 1) {
      await enqueued(noopTask, FAN);
      await enqueued(noopTask, 1);
    }
  },
  { name: 'fan-on-queue' },
);

/** Runs the row; for `tree` the array file of its root. */
export async function runOnQueue(of: Case, folder: string): Promise<ArrayFile | undefined> {
  switch (of.row) {
    case 'tree':
      return tree(of, folder);
    case 'noop-map':
      await map(of);
      return undefined;
    case 'chain':
      await chain(of);
      return undefined;
    case 'fan':
      await fan(of);
      return undefined;
    case 'stages':
      await stages(of);
      return undefined;
    case 'cold-hello':
      throw new Error('cold-hello is a process of its own');
  }
}

/** Runs tasks on every slot of every worker once. */
export async function warmUpQueue(count: number): Promise<void> {
  await ended(Array.from({ length: count }, () => DBOS.startWorkflow(warmTask, { queueName })()));
}
