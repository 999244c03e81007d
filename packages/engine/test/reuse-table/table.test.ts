import { readFileSync } from 'node:fs';
import { RESUME, type ReuseRules } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { flow } from '../../src/authoring/flow.ts';
import { group, loop } from '../../src/authoring/loop.ts';
import { reduce } from '../../src/authoring/reduce.ts';
import { run } from '../../src/authoring/run.ts';
import { settled } from '../../src/authoring/settled.ts';
import { task } from '../../src/authoring/task.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { CASES, CONTAINERS, EXPECTED, VERBS, type Case, type Container, type Verb } from './table.ts';

const runs = testStore();

/** What the flows find: whether this is the first time, and what is wrong with the middle item. */
const world = { isFirst: true, what: 'unchanged' as Case };
const executed = { items: 0, uses: 0 };

/** Larger than what the record keeps. */
const LARGE = 10_000;

type Item = number | Float64Array;

const item = task({ name: 'item' }, (n: number): Item => {
  executed.items += 1;
  if (n !== 1) return n;
  if (world.what === 'mended' && world.isFirst) throw new Error('bad item');
  return world.what === 'recomputed' ? new Float64Array(LARGE).fill(n) : n;
});
const add = task({ name: 'add' }, (one: Item, other: Item): Item => sizeOf(one) + sizeOf(other));
const use = task({ name: 'use' }, (value: unknown) => {
  executed.uses += 1;
  return JSON.stringify(value)?.length ?? 0;
});
const look = task({ name: 'look' }, (value: unknown) => sizeOf(value));

function sizeOf(value: unknown): number {
  return typeof value === 'number' ? value : JSON.stringify(value).length;
}

function* numbers(): Generator<number> {
  yield 0;
  if (world.what !== 'removed' || world.isFirst) yield 1;
  yield 2;
}

const part = flow({ name: 'part' }, async () => (await item.map(numbers())).length);

/** What is consumed, and, where there is one that can be asked for, a map whose values are wanted afterwards. */
function open(container: Container): {
  readonly future: PromiseLike<unknown>;
  readonly items?: PromiseLike<unknown>;
} {
  switch (container) {
    case 'map':
    case 'after': {
      const items = item.map(numbers());
      return { future: items, items };
    }
    case 'reduce': {
      const items = item.map(numbers());
      return { future: reduce(add, items), items };
    }
    case 'group':
      return { future: group('part', async () => Promise.all([...numbers()].map(async (n) => item(n)))) };
    case 'loop': {
      const max = world.what === 'removed' && !world.isFirst ? 2 : 3;
      return { future: loop('part', { max }, async ({ index }) => item(index)) };
    }
    case 'stage':
      return { future: part() };
    case 'settled':
      return { future: settled(item.map(numbers())) };
  }
}

function flowOf(container: Container, retries: number) {
  return flow({ name: `${container} of items`, retries }, async () => {
    const { future, items } = open(container);
    const used = container === 'after' ? use.with({ after: [future] })(0) : use(future);
    await settled(used);
    if (world.what === 'recomputed' && !world.isFirst && items !== undefined) await look(items);
    if (world.isFirst && retries === 0) throw new Error('stopped');
    if (run.attempt === 1 && retries > 0) {
      begin();
      throw new Error('once more');
    }
  });
}

/** From now on everything is as it is the second time. */
function begin(): void {
  world.isFirst = false;
  Object.assign(executed, { items: 0, uses: 0 });
}

const FROM: Readonly<Record<Container, string>> = {
  map: 'item',
  reduce: 'add',
  group: 'part',
  loop: 'part',
  stage: 'part',
  settled: 'item',
  after: 'item',
};

function rulesOf(verb: Verb, container: Container): ReuseRules {
  const retryFailed = verb !== 'resume';
  return { ...RESUME, retryFailed, from: verb === 'retry --from' ? [FROM[container]] : [] };
}

async function executions(container: Container, what: Case, verb: Verb): Promise<string> {
  Object.assign(world, { isFirst: true, what });
  const isAttempt = verb === 'later attempt';
  const whole = flowOf(container, isAttempt ? 1 : 0);
  const { runId } = await runs.start(whole).outcome;
  if (!isAttempt) {
    begin();
    await runs.start(whole, undefined, {
      resume: { runId, rules: rulesOf(verb, container), takeOver: false },
    }).outcome;
  }
  return `${executed.items}·${executed.uses}`;
}

describe.each(CONTAINERS)('a %s', (container) => {
  it.each(CASES)('of which one item is %s', async (what) => {
    const found: string[] = [];
    for (const verb of VERBS) found.push(await executions(container, what, verb));
    expect(found).toEqual(EXPECTED[container][what]);
  });
});

it('is what the documentation says', () => {
  const text = readFileSync(new URL('../../../../docs/reuse.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| (?:map|reduce|group|loop|stage|settled|after) /u.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const expected = CONTAINERS.flatMap((container) =>
    CASES.map((what) => [container, what, ...EXPECTED[container][what]]),
  );
  expect(rows).toEqual(expected);
});
