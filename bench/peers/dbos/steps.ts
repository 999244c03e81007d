/**
 * The rows as workflows whose tasks are steps. Steps that run side by side are started in a fixed order (DBOS numbers
 * a step when it is called, and a recovered workflow must number them alike); a step that is called before a slot or
 * its inputs are there waits inside.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { join } from 'node:path';
import type { Case } from '../../suite/case.ts';
import { type ArrayFile, leaf, reduce } from '../node/array-task.ts';
import { type Reducer, reducersOf } from '../node/tree.ts';
import { callOrder } from './call-order.ts';
import { Slots } from './slots.ts';

const FAN = 16;
/** Steps of the tree that are called at a time, for each slot: enough that a slot always finds one that can run. */
const CALLED_AHEAD = 4;
const noop = async (): Promise<void> => undefined;
const named = { name: 'noop' };

const tree = DBOS.registerWorkflow(
  async (of: Case, folder: string): Promise<ArrayFile> => {
    const slots = new Slots(of.threads);
    const called = new Slots(CALLED_AHEAD * of.threads);
    const values: Promise<ArrayFile>[] = [];
    const pathOf = (id: number): string => join(folder, String(id));
    const valueOf = (id: number): Promise<ArrayFile> =>
      values[id] ?? Promise.reject(new Error(`node ${id} is missing`));
    const leafStep = (id: number): Promise<ArrayFile> =>
      DBOS.runStep(() => slots.run('last', () => leaf(pathOf(id), of)), { name: 'leaf' });
    const reduceStep = ({ id, left, right }: Reducer): Promise<ArrayFile> =>
      DBOS.runStep(
        async () => {
          const [one, other] = await Promise.all([valueOf(left), valueOf(right)]);
          return slots.run('first', () => reduce(pathOf(id), one, other));
        },
        { name: 'reduce' },
      );
    for (const node of callOrder(of.n, reducersOf(of.n))) {
      if (typeof node === 'number') values[node] = called.run('last', () => leafStep(node));
      else values[node.id] = called.run('last', () => reduceStep(node));
    }
    await Promise.allSettled(values);
    const root = await values.at(-1);
    if (root === undefined) throw new Error('a tree has at least one leaf');
    return root;
  },
  { name: 'tree-of-steps' },
);

const lane = DBOS.registerWorkflow(
  async (steps: number): Promise<void> => {
    for (let step = 0; step < steps; step += 1) await DBOS.runStep(noop, named);
  },
  { name: 'lane' },
);

/**
 * A child workflow a slot, each with its share of the steps: to record a step DBOS locks the row of its workflow until
 * it has committed, so steps of one workflow commit one after the other, those of several together.
 */
const map = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    const share = (slot: number): number => Math.floor((of.n + slot) / of.threads);
    const handles = await Promise.all(
      Array.from({ length: of.threads }, (_, slot) => DBOS.startWorkflow(lane)(share(slot))),
    );
    await Promise.allSettled(handles.map((handle) => handle.getResult()));
  },
  { name: 'map-of-steps' },
);

const chain = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    for (let hop = 0; hop < of.n; hop += 1) await DBOS.runStep(noop, named);
  },
  { name: 'chain-of-steps' },
);

const fan = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    for (let round = 0; round < of.n; round += 1) {
      await Promise.allSettled(Array.from({ length: FAN }, () => DBOS.runStep(noop, named)));
      await DBOS.runStep(noop, named);
    }
  },
  { name: 'fan-of-steps' },
);

/** A stage is a child workflow of one step; of both variants. */
export const stage = DBOS.registerWorkflow(() => DBOS.runStep(noop, named), { name: 'stage' });

const stages = DBOS.registerWorkflow(
  async (of: Case): Promise<void> => {
    const handles = await Promise.all(Array.from({ length: of.n }, () => DBOS.startWorkflow(stage)()));
    await Promise.allSettled(handles.map((handle) => handle.getResult()));
  },
  { name: 'stages-of-steps' },
);

/** Runs the row; for `tree` the array file of its root. */
export async function runAsSteps(of: Case, folder: string): Promise<ArrayFile | undefined> {
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
