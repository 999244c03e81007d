import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import type { Settled } from '../future/future.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const quick = { validate: false };

/** Shows how the items were put together: not commutative, so that order shows too. */
const pair = task({ name: 'pair' }, (...parts: string[]) => `(${parts.join(' ')})`);
const pairLater = task({ name: 'pair-later' }, async (a: string, b: string) => {
  await turns((a.length + b.length) % 4);
  return `(${a} ${b})`;
});
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const label = task({ name: 'label' }, async (n: number) => {
  await turns(n % 3);
  return `${n}`;
});
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The tree by pairing neighbours level by level, an odd one carried up. */
function paired(items: readonly string[], arity: number): string {
  let level = [...items];
  while (level.length > 1) {
    const next: string[] = [];
    for (let at = 0; at < level.length; at += arity) {
      const parts = level.slice(at, at + arity);
      next.push(parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' ')})`);
    }
    level = next;
  }
  return level[0] ?? '';
}

describe('a reduce', () => {
  it.each([2, 3])('has the shape of adjacent pairing, for any number of items: arity %i', async (arity) => {
    const shapes = flow({ name: `shapes-${arity}` }, async () => {
      const sizes = upTo(70).map((n) => n + 1);
      return Promise.all(sizes.map((size) => reduce(pair, upTo(size).map(String), { arity })));
    });
    const { value, record } = await runs.run(shapes, undefined, quick);
    expect(value).toEqual(upTo(70).map((n) => paired(upTo(n + 1).map(String), arity)));
    expect(record.tally('pair', 'reduce')).toEqual({ completed: 70 });
  });

  it('keeps the order of its items, whenever they come', async () => {
    const reduces = flow({ name: 'order' }, async () => [
      await reduce(pairLater, label.map(upTo(37))),
      await reduce(
        pairLater,
        upTo(37).map((n) => label(n)),
      ),
      await reduce(
        pairLater,
        upTo(37).map((n) => turns(n % 5).then(() => `${n}`)),
      ),
    ]);
    const tree = paired(upTo(37).map(String), 2);
    expect(await runs.value(reduces)).toEqual([tree, tree, tree]);
  });

  it.each([
    ['a generator', () => upTo(5).map(String).values()],
    [
      'an async generator',
      async function* () {
        for (const n of upTo(5)) {
          await turns(1);
          yield `${n}`;
        }
      },
    ],
    ['a promise of an array', () => turns().then(() => upTo(5).map(String))],
    ['futures', () => upTo(5).map((n) => label(n))],
    ['a map', () => label.map(upTo(5))],
    [
      'a map of a map',
      () => pair.map(label.map(upTo(5))).then((all) => all.map((text) => text.slice(1, -1))),
    ],
  ])('goes through %s', async (_, items) => {
    const reduces = flow({ name: 'any' }, async () => reduce(pair, items()));
    expect(await runs.value(reduces)).toBe('(((0 1) (2 3)) 4)');
  });

  it('of a future of an array comes after it in the record', async () => {
    const list = task({ name: 'list' }, async () => [1, 2, 3]);
    const { value, record } = await runs.run(flow({ name: 'future' }, async () => reduce(add, list())));
    expect(value).toBe(6);
    expect(record.upstream('add', 'reduce')).toEqual(['list']);
  });

  it('records its tree: runs under the group, each consuming those below', async () => {
    const reduces = flow({ name: 'tree' }, async () => reduce(add, [label.map([1]).then(() => 1), 2, 3]));
    const { record } = await runs.run(reduces);
    const group = record.node('add', 'reduce');
    expect(record.named('add', 'task').map(({ parent }) => parent)).toEqual([group.idx, group.idx]);
    const [first, second] = record.named('add', 'task');
    expect(record.story(second?.idx ?? -1).upstream).toEqual([first?.idx]);
  });

  it('begins with the initial value', async () => {
    const reduces = flow({ name: 'initial' }, async () => [
      await reduce(pair, ['a', 'b'], { initial: 'start' }),
      await reduce(pair, label.map([1, 2]), { initial: label(0) }),
      await reduce(pair, ['a'], { initial: Promise.resolve('start') }),
      await reduce(pair, [], { initial: 'start' }),
      await reduce(pair, [], { initial: label(7) }),
      await reduce(add, [], { initial: undefined as never }),
    ]);
    expect(await runs.value(reduces)).toEqual([
      '((start a) b)',
      '((0 1) 2)',
      '(start a)',
      'start',
      '7',
      undefined,
    ]);
  });

  it('of nothing needs one', async () => {
    const reduces = flow({ name: 'empty' }, async () => [
      (await settled(reduce(add, []))).error,
      (
        await settled(
          reduce(
            add,
            add.map([], () => [1, 2]),
          ),
        )
      ).error,
    ]);
    expect(await runs.value(reduces)).toMatchObject([
      {
        code: 'EMPTY_REDUCE',
        at: expect.stringMatching(/reduce-group\.test\.ts:\d+:\d+$/),
        remedy: expect.stringContaining('initial'),
      },
      { code: 'EMPTY_REDUCE' },
    ]);
  });

  it('of one item is that item, without a run', async () => {
    const reduces = flow({ name: 'one' }, async () => [
      await reduce(pair, ['only']),
      await reduce(pair, label.map([3])),
      await reduce(pair, [label(4)]),
    ]);
    const { value, record } = await runs.run(reduces);
    expect(value).toEqual(['only', '3', '4']);
    expect(record.named('pair', 'task')).toEqual([]);
  });

  it('leaves skipped items out, as a map does', async () => {
    const reduces = flow({ name: 'skips' }, async () => {
      const { skip } = await import('../authoring/skip.ts');
      const odd = task({ name: 'odd' }, (n: number) => (n % 2 === 1 ? n : skip('even')));
      return [await reduce(add, odd.map([1, 2, 3])), await settled(reduce(add, odd.map([2, 4])))];
    });
    const { value } = await runs.run(reduces);
    expect(value).toMatchObject([4, { state: 'skipped' }]);
  });

  it('may have an arity beyond any window', async () => {
    const total = task({ name: 'total' }, (...values: number[]) => values.reduce((a, b) => a + b, 0));
    const reduces = flow({ name: 'wide' }, async () => [
      await reduce(total, upTo(12_000), { arity: 5000 }),
      await reduce(
        total,
        add.map(upTo(9000), (n) => [n, 0]),
        { arity: 9000 },
      ),
    ]);
    expect(await runs.value(reduces, undefined, quick)).toEqual([71_994_000, 40_495_500]);
  });

  it.each([1, 3])(
    'refuses an arity that combines nothing, or more than its task takes: %i',
    async (arity) => {
      // @ts-expect-error the compiler refuses it too
      const reduces = flow({ name: 'arity' }, async () => reduce(add, [1, 2], { arity }));
      expect(await runs.error(reduces)).toMatchObject({
        code: 'INVALID_OPTION',
        at: expect.stringMatching(/reduce-group\.test\.ts:\d+:\d+$/),
      });
    },
  );

  it('may be an argument, a leaf of another, and awaited twice', async () => {
    const reduces = flow({ name: 'nested' }, async () => {
      const three = reduce(add, [1, 2]);
      const ten = reduce(add, [three, add(three, 4)]);
      return [await add(three, ten), await three, await three];
    });
    expect(await runs.value(reduces)).toEqual([13, 3, 3]);
  });

  it('ends before its flow does, though nobody awaits it', async () => {
    const reduces = flow({ name: 'left' }, async () => void reduce(pairLater, label.map(upTo(9))));
    const { record } = await runs.run(reduces);
    expect(record.tally('pair-later')).toEqual({ completed: 8 });
    expect(record.states('pair-later', 'reduce')).toEqual(['completed']);
  });

  it('may be large', async () => {
    const reduces = flow({ name: 'large' }, async () => reduce(add, upTo(10_000)));
    const { value, record } = await runs.run(reduces, undefined, quick);
    expect(value).toBe(49_995_000);
    expect(record.nodes).toHaveLength(10_001);
  });
});

describe('a reduce in which a run fails', () => {
  const picky = task({ name: 'picky' }, (a: number, b: number) => {
    if (a + b === 5) throw new RangeError('five');
    return a + b;
  });

  it('fails with what failed at its root', async () => {
    const reduces = flow({ name: 'fails' }, async () => settled(reduce(picky, [1, 1, 2, 3])));
    const { value, record } = await runs.run(reduces);
    expect(value).toMatchObject({
      state: 'failed',
      error: { code: 'UPSTREAM_FAILED', cause: { message: 'five' } },
    });
    expect(record.states('picky')).toEqual(['completed', 'failed', 'upstream_failed']);
    expect(record.states('picky', 'reduce')).toEqual(['failed']);
  });

  it('may go on under a tolerant rule', async () => {
    const tolerant = task({ name: 'tolerant', when: 'all_done' }, (...parts: Settled<number>[]) =>
      parts.map(({ value }) => value ?? 0).reduce((a, b) => a + b, 0),
    );
    const reduces = flow({ name: 'tolerates' }, async () =>
      reduce(tolerant as never, [picky(1, 1), picky(2, 3), picky(3, 4)] as never),
    );
    expect(await runs.value(reduces)).toBe(9);
  });

  it('takes a rejecting promise for a failing leaf', async () => {
    const reduces = flow({ name: 'rejects' }, async () => [
      await settled(reduce(add, [1, Promise.reject<number>(new Error('no leaf')), 3])),
      await settled(reduce(add, [Promise.reject<number>(new Error('alone'))])),
    ]);
    const { value, record } = await runs.run(reduces);
    expect(value).toMatchObject([
      { state: 'failed', error: { code: 'UPSTREAM_FAILED', cause: { message: 'no leaf' } } },
      { state: 'failed', error: { message: 'alone' } },
    ]);
    expect(record.states('add')).toEqual(['failed', 'upstream_failed']);
  });

  it('fails with the error of the iterable', async () => {
    const reduces = flow({ name: 'source' }, async () =>
      reduce(
        add,
        (function* () {
          yield 1;
          yield 2;
          throw new Error('the source is broken');
        })(),
      ),
    );
    expect(await runs.error(reduces)).toMatchObject({ message: 'the source is broken' });
  });

  it('fails the map that it consumes no more than the map itself does', async () => {
    const reduces = flow({ name: 'chain' }, async () => {
      const items = picky.map([1, 2, 3, 4], (n) => [n, 2]);
      const outcome = await settled(reduce(add, items));
      return [outcome.state, (await settled(items)).state];
    });
    expect(await runs.value(reduces)).toEqual(['failed', 'failed']);
  });
});
