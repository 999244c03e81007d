/**
 * Runs one flow after another in a process in which nothing else is alive, and prints how each ended as a line of
 * JSON. A run that cannot go on must end by itself, or the process would end before the last line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { isSiderealError } from '@sidereal/core';
import { openSqliteStore, openStoreReader } from '@sidereal/store';
import {
  flow,
  group,
  inline,
  reduce,
  RESUME,
  settled,
  startRun,
  task,
  threads,
  type RunOptions,
  type StandardSchema,
} from '../../src/index.ts';

export interface EndedCase {
  readonly name: string;
  readonly state: string | undefined;
  readonly value: unknown;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly at: string | undefined;
  readonly remarks: readonly string[];
  /** Name, state and reason of every node. */
  readonly nodes: readonly string[];
  /** Names of the nodes at which a note of the code `deadlock` stands. */
  readonly noted: readonly string[];
}

const same = task({ name: 'same' }, (value: unknown) => value);
const both = task({ name: 'both' }, (a: unknown, _b: unknown) => a);
const stuckOnThread = task(
  { name: 'stuck-on-thread', on: 'threads' },
  async (): Promise<number> => new Promise<number>(() => undefined),
);
const callsStuck = task({ name: 'calls-stuck', on: 'threads' }, async () => stuckOnThread());
const slowOnThread = task({ name: 'slow-on-thread', on: 'threads' }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return 'slow';
});
const never = (): Promise<number> => new Promise<number>(() => undefined);
const anything: StandardSchema<number> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as number }) },
};
const checkedForEver: StandardSchema<number> = {
  '~standard': { version: 1, vendor: 'test', validate: () => never().then((value) => ({ value })) },
};

/** What `make` makes; it is given a function that gives just that, for code that executes later. */
function closed(
  make: (made: () => PromiseLike<unknown> | undefined) => PromiseLike<unknown>,
): PromiseLike<unknown> {
  const made: PromiseLike<unknown>[] = [];
  const first = make(() => made[0]);
  made.push(first);
  return first;
}

/** A task whose code awaits what consumes it. */
function ring(): PromiseLike<unknown> {
  return closed((consumer) => same(task({ name: 'awaiting' }, async () => consumer())()));
}

/** Stages that all wait until all of them have begun. */
function barrier(count: number): () => Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let arrived = 0;
  return async () => {
    arrived += 1;
    if (arrived === count) resolve();
    await promise;
    return arrived;
  };
}

const cases: Readonly<Record<string, () => { readonly body: () => unknown; readonly options?: object }>> = {
  ring: () => ({ body: async () => ring() }),
  'ring that nobody awaits': () => ({ body: () => void ring() }),
  'ring in a stage': () => {
    const stage = flow({ name: 'stage' }, async () => ring());
    return { body: async () => stage() };
  },
  'ring of a map and its sum': () => ({
    body: async () =>
      closed((sum) => {
        const awaiting = task({ name: 'awaiting' }, async (item: number) => (item === 1 ? sum() : item));
        return reduce(both, awaiting.map([0, 1, 2]));
      }),
  }),
  'ring of order alone': () => ({
    body: async () =>
      closed((later) => same.with({ after: [task({ name: 'awaiting' }, async () => later())()] })(1)),
  }),
  'ring of a group': () => ({
    body: async () => closed((consumer) => same(group('group', async () => consumer()))),
  }),
  'ring of a task and what it calls': () => ({
    body: async () =>
      closed((caller) => {
        const child = task({ name: 'child' }, async () => caller());
        return task({ name: 'caller' }, async () => child())();
      }),
  }),
  'ring behind settled': () => ({ body: async () => settled(ring() as never) }),
  'what a timer breaks': () => ({
    body: async () => {
      const timer = new Promise((resolve) => setTimeout(resolve, 50, 'timer'));
      return closed((consumer) =>
        same(task({ name: 'awaiting' }, async () => Promise.race([consumer(), timer]))()),
      );
    },
  }),
  'a body': () => ({ body: never }),
  'a body with threads': () => ({ body: never, options: { runner: threads(1) } }),
  'a body after a task on a thread': () => ({
    body: async () => {
      await same(1);
      return never();
    },
    options: { runner: threads(1) },
  }),
  'a task': () => ({ body: async () => task({ name: 'stuck' }, never)() }),
  'a task that nobody awaits': () => ({ body: () => void task({ name: 'stuck' }, never)() }),
  'a task on a thread': () => ({ body: async () => stuckOnThread() }),
  'a task on a thread that waits for another': () => ({ body: async () => callsStuck() }),
  'a task on a thread that waits for a timer': () => ({ body: async () => slowOnThread() }),
  'a stage': () => {
    const stage = flow({ name: 'stage' }, never);
    return { body: async () => stage() };
  },
  'a task with a limit, whose end is handled': () => ({
    body: async () => (await settled(task({ name: 'stuck', timeout: 300 }, never)())).state,
  }),
  'a stage with a limit, in a ring': () => {
    const stage = flow({ name: 'stage', timeout: 300 }, async () => ring());
    return { body: async () => (await settled(stage())).state };
  },
  'a task with a limit that stands still, in a ring': () => ({
    body: async () =>
      closed((consumer) => same(task({ name: 'awaiting', timeout: 300 }, async () => consumer())())),
  }),
  'ring in a flow with a limit': () => ({ body: async () => ring(), options: { timeout: '1h' } }),
  'a promise among arguments': () => ({ body: async () => same(never()) }),
  'an item that does not come': () => ({
    body: async () =>
      same.map(
        (async function* items() {
          yield 1;
          yield await never();
        })(),
      ),
  }),
  'tasks that need more slots than there are': () => {
    const arrive = barrier(3);
    const waits = task({ name: 'waits' }, async (_item: number) => arrive());
    return { body: async () => waits.map([1, 2, 3]), options: { runner: inline(2) } };
  },
  'stages that wait until 300 have begun': () => {
    const stage = flow({ name: 'stage', input: anything }, barrier(300));
    return { body: async () => (await stage.map(Array.from({ length: 300 }, (_, item) => item))).length };
  },
  'a check of the input': () => ({ body: () => 1, options: { input: checkedForEver } }),
};

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-standstill-'));
  const store = await openSqliteStore({ folder });

  async function execute(name: string, tested: object, options: RunOptions = {}): Promise<string> {
    const remarks: string[] = [];
    const { definition } = tested as ReturnType<typeof flow>;
    const onRemark = (message: string): void => void remarks.push(message);
    const ended = await startRun(definition, 1, { store, onRemark, ...options }).outcome;
    const { runId, state, value, error } = ended;
    using reader = openStoreReader(folder);
    const nodes = runId === '' ? [] : reader.nodes({ run: runId, limit: 50 });
    const stories = nodes.map(({ idx }) => reader.node(runId, idx));
    const line: EndedCase = {
      name,
      state,
      value,
      code: isSiderealError(error) ? error.code : undefined,
      message: error?.message,
      at: isSiderealError(error) ? error.at : undefined,
      remarks,
      nodes: nodes.map((node) => `${node.name} ${node.state} ${node.reason}`),
      noted: nodes
        .filter((_, at) => stories[at]?.entries.some(({ body }) => body.includes('"deadlock"')))
        .map((node) => node.name),
    };
    console.log(JSON.stringify(line));
    return runId;
  }

  for (const [name, make] of Object.entries(cases)) {
    const { body, options = {} } = make();
    await execute(name, flow({ name: 'main', input: anything, ...options } as never, body));
  }

  // A later execution of the run meets the same ring.
  const again = flow({ name: 'again' }, async () => ring());
  const runId = await execute('ring, executed', again);
  await execute('ring, resumed', again, { resume: { runId, rules: RESUME, takeOver: false } });

  // While something else is alive, that may end any wait: the ring is said, and nothing more.
  const alive = setInterval(() => undefined, 1000);
  await execute(
    'ring while a timer is alive',
    flow({ name: 'said' }, async () => ring()),
    {
      onRemark: (message) => {
        console.error(message);
        clearInterval(alive);
      },
    },
  );

  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

// Threads import this module for its tasks.
if (isMainThread) await main();
