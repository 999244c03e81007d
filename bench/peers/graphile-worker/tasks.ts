/** Tasks by identifier, as the worker processes register them. */
import type { JobHelpers, TaskList } from 'graphile-worker';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ArrayFile, leaf, type LeafOf, reduce } from '../node/array-task.ts';

interface Node {
  readonly id: number;
}

export const tasks: TaskList = {
  'warm-up': async () => {
    await sleep(100);
  },
  noop: async () => undefined,
  hop: async (payload, helpers) => {
    await finish(payload, helpers, undefined);
  },
  leaf: async (payload, helpers) => {
    const { path, leaf: of } = payload as Node & { readonly path: string; readonly leaf: LeafOf };
    await finish(payload, helpers, await leaf(path, of));
  },
  reduce: async (payload, helpers) => {
    const { path, inputs } = payload as Node & {
      readonly path: string;
      readonly inputs: readonly ArrayFile[];
    };
    const [left, right] = inputs;
    if (left === undefined || right === undefined) throw new Error('an input is missing');
    await finish(payload, helpers, reduce(path, left, right));
  },
};

async function finish(payload: unknown, helpers: JobHelpers, result: ArrayFile | undefined): Promise<void> {
  const value = result === undefined ? null : JSON.stringify(result);
  await helpers.query('SELECT bench.finish($1, $2::jsonb)', [(payload as Node).id, value]);
}
