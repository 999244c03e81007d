/** The scenes of the campaign: small pieces of a flow, each with what it must give. `n` tells the calls of one from those of others. */
import { eachSettled, flow, group, loop, reduce, run, settled, sleep } from 'sidereal';
import * as t from './tasks.ts';
import { seen, type Part } from './tasks.ts';

export type SceneKind =
  | 'strict-chain'
  | 'strict-lineage'
  | 'strict-map'
  | 'rerun'
  | 'calls'
  | 'calls-deeply'
  | 'map-reduce'
  | 'chain'
  | 'stage'
  | 'careful-stage'
  | 'stages'
  | 'loop'
  | 'group'
  | 'fragile'
  | 'unhandled'
  | 'flaky'
  | 'skips'
  | 'drawn'
  | 'ordered'
  | 'mended';

export interface Scene {
  readonly kind: SceneKind;
  /** A multiple of a hundred: its calls have the numbers from here on. */
  readonly n: number;
  readonly on: 'inline' | 'threads';
}

export type Parts = readonly Part[];

/** A part that may have failed. */
async function partOf(future: PromiseLike<Part>): Promise<Part> {
  return (await settled(future)).value ?? null;
}

/** What a strict task gave, which is told to have been seen. */
async function paid(name: string, n: number, future: PromiseLike<Part>): Promise<Part> {
  return seen(name, n, await partOf(future));
}

const anyScene = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) => ({ value: value as Scene }),
    types: undefined as { readonly input: Scene; readonly output: Scene } | undefined,
  },
};

/** Its first attempt fails once all that it has called is done. */
const retried = flow({ name: 'retried', input: anyScene, retries: 1 }, async ({ n, on }) => {
  const doubled = t.double.with({ on }).map([n, n + 1, n + 2], (item) => [item, item % 4]);
  const sum = reduce(t.add.with({ on: 'inline' }), doubled);
  const value = seen('pay', n + 3, await t.pay.with({ on: 'inline' })(n + 3, sum));
  if (run.attempt === 1) throw new Error('first attempts fail');
  return value;
});

/** Completes although a strict task in it may be in doubt. */
const careful = flow({ name: 'careful', input: anyScene }, async ({ n, on }) =>
  paid('pay', n, t.pay.with({ on: 'inline' })(n, t.double.with({ on })(n, 2))),
);

const small = flow({ name: 'small', input: anyScene }, async ({ n, on }) =>
  t.add.with({ on })(t.double.with({ on })(n, 2), t.double.with({ on })(n + 1, 1)),
);

type Perform = (n: number, on: 'inline' | 'threads') => Promise<Parts>;

export const scenes: Readonly<Record<SceneKind, Perform>> = {
  /** Strict tasks that consume files, sums of files, and one another. */
  'strict-chain': async (n, on) => {
    const array = t.big.with({ on })(n);
    const first = t.pay.with({ on: 'inline' })(n + 1, array);
    const second = t.payOnThread(n + 2, t.mean.with({ on })(n, array));
    const parts = [await paid('pay', n + 1, first), await paid('pay-on-thread', n + 2, second)];
    return [...parts, await paid('pay', n + 3, t.pay.with({ on: 'inline' })(n + 3, first))];
  },
  /** Strict tasks that consume what has to be made again once it has gone. */
  'strict-lineage': async (n, on) => {
    const array = t.fleeting.with({ on })(n);
    await t.double.with({ on: 'inline', after: [array] })(n, 8);
    return [await paid('pay', n + 1, t.pay.with({ on: 'inline' })(n + 1, array))];
  },
  'strict-map': async (n, on) => {
    const doubled = t.double.with({ on }).map([n, n + 1, n + 2, n + 3], (item) => [item, 2]);
    const outcomes = await eachSettled(t.pay.with({ on: 'inline' }).map(doubled, (item, i) => [n + i, item]));
    return outcomes.map(({ value }, i) => seen('pay', n + i, value ?? null));
  },
  rerun: async (n) => [await paid('post', n, t.post.with({ on: 'inline' })(n, 1))],
  /** Tasks that call tasks, from inline and from threads. */
  calls: async (n, on) => [await partOf(t.calls.with({ on })(n, on))],
  'calls-deeply': async (n, on) => [await partOf(t.mean.with({ on })(n, t.callsDeeply.with({ on })(n, on)))],
  'map-reduce': async (n, on) => {
    const items = Array.from({ length: 9 }, (_, i) => n + i);
    const sum = reduce(
      t.add.with({ on: 'inline' }),
      t.double.with({ on }).map(items, (item, i) => [item, i % 4]),
    );
    return [await partOf(sum), await paid('pay', n, t.pay.with({ on: 'inline' })(n, sum))];
  },
  chain: async (n, on) => {
    const first = t.double.with({ on }).map([n, n + 1, n + 2, n + 3, n + 4], (item) => [item, 1]);
    return t.spin.map(t.double.with({ on: 'inline' }).map(first, (item) => [item, 1]));
  },
  stage: async (n, on) => [await partOf(retried({ kind: 'stage', n, on }))],
  'careful-stage': async (n, on) => [await partOf(careful({ kind: 'stage', n, on }))],
  stages: async (n, on) =>
    small.map([n, n + 10, n + 20].map((from) => ({ kind: 'stages' as const, n: from, on }))),
  loop: async (n, on) => {
    const { value, cycles } = await loop('solve', { max: 4 }, async (cycle) => {
      const at = n + 10 * cycle.index;
      const sums = await t.double.with({ on }).map([at, at + 1, at + 2], (item) => [item, 2]);
      const part = await paid('pay', at + 3, t.pay.with({ on: 'inline' })(at + 3, sums[0] ?? 0));
      cycle.metric('sum', sums.length);
      if (cycle.index === 2) cycle.exit('converged');
      return part;
    });
    return [value, cycles];
  },
  group: async (n, on) => [
    await group('inner', async () =>
      partOf(t.add.with({ on })(t.double.with({ on })(n, 2), t.double.with({ on: 'inline' })(n + 1, 3))),
    ),
  ],
  /** Some items fail, which is handled. */
  fragile: async (n, on) => {
    const outcomes = await eachSettled(t.fragile.with({ on }).map([n, n + 1, n + 2, n + 3, n + 4]));
    return outcomes.map(({ value }) => value ?? null);
  },
  /** Some items fail, and with them the flow. */
  unhandled: async (n, on) => t.fragile.with({ on }).map([n, n + 1, n + 2, n + 3, n + 4]),
  flaky: async (n, on) => [await t.flaky.with({ on })(n)],
  skips: async (n, on) => t.odd.with({ on }).map([n, n + 1, n + 2, n + 3]),
  drawn: async (n, on) => {
    const drawn = run.random();
    await sleep(5);
    const given = await t.double.with({ on, key: `drawn ${n}` })(drawn, 1);
    return [given === 2 * drawn ? n : -1];
  },
  ordered: async (n, on) => {
    const first = t.double.with({ on }).map([n, n + 1], (item) => [item, 3]);
    return [await t.double.with({ on: 'inline', after: [first] })(n + 2, 1)];
  },
  /** What has seen failures looks again once they are mended. */
  mended: async (n, on) => [
    await t.count.with({ on: 'inline' })(n, settled(t.fragile.with({ on }).map([n, n + 1, n + 2]))),
  ],
};

/** What each scene gives, without an engine. */
export const model: Readonly<Record<SceneKind, (n: number) => Parts>> = {
  'strict-chain': (n) => [2 * n + 1, 3 * n + 2, 3 * n + 4],
  'strict-lineage': (n) => [2 * n + 1],
  'strict-map': (n) => [0, 1, 2, 3].map((i) => 3 * (n + i)),
  rerun: (n) => [n + 1],
  calls: (n) => [2 * n + 2 * (n + 1) + n + 2 + 2 * n],
  'calls-deeply': (n) => [n + 7 * (n + 3) + 4 + 3],
  'map-reduce': (n) => [18 * n + 72, 19 * n + 72],
  chain: (n) => [0, 1, 2, 3, 4].map((i) => 4 * (n + i) + 1),
  stage: (n) => [n + 3 + 6 * n + 6],
  'careful-stage': (n) => [3 * n],
  stages: (n) => [0, 10, 20].map((from) => 4 * (n + from) + 2),
  loop: (n) => [n + 23 + 2 * (n + 20), 3],
  group: (n) => [4 * n + 2],
  fragile: (n) => [0, 1, 2, 3, 4].map((i) => n + i),
  unhandled: (n) => [0, 1, 2, 3, 4].map((i) => n + i),
  flaky: (n) => [n],
  skips: (n) => [n, n + 1, n + 2, n + 3].filter((item) => item % 2 === 1),
  drawn: (n) => [n],
  ordered: (n) => [2 * (n + 2)],
  mended: (n) => [n + 3],
};
