import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { collectGarbage, Watched } from '../testing/collect-garbage.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const MIB = 2 ** 20;

/** Makes arrays that a test can watch: too large to be kept in the record. */
function maker(bytes: number) {
  const made = new Watched();
  const make = task({ name: 'make', identity: 'make', resources: { memory: bytes } }, (n: number) =>
    made.add(new Float64Array(bytes / 8).fill(n)),
  );
  return { made, make };
}
const first = task({ name: 'first' }, (array: Float64Array) => array[0] ?? Number.NaN);
const add = task({ name: 'add' }, (a: Float64Array, b: Float64Array) => a.map((x, i) => x + (b[i] ?? 0)));

describe('a value', () => {
  it('is let go when the last that consumes it has ended and nobody holds its future', async () => {
    const { made, make } = maker(MIB);
    const uses = flow({ name: 'lets-go' }, async () => {
      const sums = await Promise.all([first(make(1)), first(make(2))]);
      return [...sums, await made.alive()];
    });
    expect(await runs.value(uses)).toEqual([1, 2, 0]);
  });

  it('is held as long as its future is', async () => {
    const { make } = maker(MIB);
    const holds = flow({ name: 'holds' }, async () => {
      const future = make(1);
      const before = await first(future);
      await collectGarbage();
      return [before, await first(future)];
    });
    const { value, record } = await runs.run(holds);
    expect(value).toEqual([1, 1]);
    // Not made again: it was there.
    expect(record.node('make').attempt).toBe(1);
  });

  it('is held while a run that needs it waits', async () => {
    const { make } = maker(MIB);
    const waits = flow({ name: 'waits' }, async () => {
      const slow = task({ name: 'slow' }, async () => turns(20));
      const late = first.with({ after: [slow()] })(make(1));
      await turns(10);
      await collectGarbage();
      return late;
    });
    const { value, record } = await runs.run(waits);
    expect(value).toBe(1);
    expect(record.node('make').attempt).toBe(1);
  });

  it('of an item is let go when its consumer has ended, and of a combination too', async () => {
    const { made, make } = maker(MIB);
    const reduces = flow({ name: 'reduces' }, async () => {
      const sum = await first(reduce(add, make.map([1, 2, 3, 4, 5])));
      return [sum, await made.alive()];
    });
    expect(await runs.value(reduces)).toEqual([15, 0]);
  });

  it('of a map that was awaited is let go with the list', async () => {
    const { made, make } = maker(MIB);
    const maps = flow({ name: 'maps' }, async () => {
      const count = await make.map([1, 2, 3]).then((arrays) => arrays.length);
      return [count, await made.alive()];
    });
    expect(await runs.value(maps)).toEqual([3, 0]);
  });

  it('of a map that nobody can ask for is let go', async () => {
    const { made, make } = maker(MIB);
    const leaves = flow({ name: 'leaves' }, async () => {
      void make.map([1, 2, 3]);
      await turns(20);
      return made.alive();
    });
    expect(await runs.value(leaves)).toBe(0);
  });

  it('of a list that a run consumes is held for it', async () => {
    const { make } = maker(MIB);
    const total = task({ name: 'total' }, (arrays: Float64Array[]) => arrays.length);
    const slow = task({ name: 'slow' }, async () => turns(20));
    const consumes = flow({ name: 'consumes' }, async () => {
      const counted = total.with({ after: [slow()] })(make.map([1, 2, 3]));
      await collectGarbage();
      return counted;
    });
    const { value, record } = await runs.run(consumes);
    expect(value).toBe(3);
    expect(record.named('make', 'task').map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it('that was let go is made again when it is asked for once more, and that is said', async () => {
    const { make } = maker(MIB);
    const again = flow({ name: 'again' }, async () => {
      const arrays = make.map([1, 2]);
      const sum = await first(reduce(add, arrays));
      const list = await arrays;
      return [sum, list.map(([n]) => n)];
    });
    const { value, record } = await runs.run(again);
    expect(value).toEqual([3, [1, 2]]);
    const item = record.named('make', 'task')[0]?.idx ?? -1;
    expect(record.entries(item, 'note')).toMatchObject([{ code: 'recomputed' }]);
    expect(record.node(item)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  it('that was let go and is kept in a file is read back', async () => {
    const reads = flow({ name: 'reads', persist: true }, async () => {
      const { make } = maker(MIB);
      const arrays = make.map([1, 2]);
      const sum = await first(reduce(add, arrays));
      const list = await arrays;
      return [sum, list.map(([n]) => n)];
    });
    const { value, record } = await runs.run(reads);
    expect(value).toEqual([3, [1, 2]]);
    expect(record.named('make', 'task').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it('made again may need others made again', async () => {
    let count = 0;
    const base = task({ name: 'base' }, (n: number) => {
      count += 1;
      return new Float64Array(MIB / 8).fill(n);
    });
    const twice = task({ name: 'twice' }, (array: Float64Array) => array.map((x) => 2 * x));
    const chain = flow({ name: 'chain' }, async () => {
      const doubled = twice.map(base.map([1, 2]));
      await first(reduce(add, doubled));
      await collectGarbage();
      const [one, two] = await doubled;
      return [one?.[0], two?.[0]];
    });
    expect(await runs.value(chain)).toEqual([2, 4]);
    expect(count).toBe(4);
  });

  it('made again with one slot does not wait for itself', async () => {
    const { make } = maker(MIB);
    const total = task({ name: 'total' }, (arrays: Float64Array[]) => arrays.length);
    const parent = task({ name: 'parent' }, async () => {
      const arrays = make.map([1, 2, 3]);
      await reduce(add, arrays);
      return [await total(arrays), (await arrays).length];
    });
    expect(await runs.value(flow({ name: 'one-slot', concurrency: 1 }, async () => parent()))).toEqual([
      3, 3,
    ]);
  });
});

describe('a memory budget', () => {
  it('holds back what only makes more, so that a large tree fits', async () => {
    const { made, make } = maker(MIB);
    let most = 0;
    const combine = task(
      { name: 'combine', resources: { memory: MIB } },
      (a: Float64Array, b: Float64Array) => {
        most = Math.max(most, made.aliveNow());
        return made.add(a.map((x, i) => x + (b[i] ?? 0)));
      },
    );
    const tree = flow({ name: 'tree', memory: '16MiB' }, async () =>
      first(reduce(combine, make.map(Array.from({ length: 200 }, (_, n) => n)))),
    );
    const { value, record } = await runs.run(tree);
    expect(value).toBe(19_900);
    expect(most).toBeLessThanOrEqual(16);
    expect(record.tally('make')).toEqual({ completed: 200 });
    const notes = record.nodes.flatMap(({ idx }) => record.entries(idx, 'note').map(({ code }) => code));
    expect(notes).not.toContain('memory_overshoot');
    const withheld = record
      .named('make', 'task')
      .flatMap(({ idx }) => record.story(idx).transitions.filter(({ reason }) => reason === 'memory'));
    expect(withheld[0]).toMatchObject({
      state: 'queued',
      message: expect.stringMatching(/^it is expected to make 1 MiB, and \d+ MiB of 16 MiB are taken$/),
    });
  }, 120_000);

  it('learns how large things are', async () => {
    const made = new Watched();
    const undeclared = task({ name: 'undeclared' }, async (n: number) => {
      await turns(1);
      return made.add(new Float64Array(MIB / 8).fill(n));
    });
    let most = 0;
    const combine = task({ name: 'combine' }, (a: Float64Array, b: Float64Array) => {
      most = Math.max(most, made.aliveNow());
      return made.add(a.map((x, i) => x + (b[i] ?? 0)));
    });
    const tree = flow({ name: 'learns', memory: '16MiB', concurrency: 4 }, async () =>
      first(reduce(combine, undeclared.map(Array.from({ length: 60 }, (_, n) => n)))),
    );
    expect(await runs.value(tree)).toBe(1770);
    expect(most).toBeLessThanOrEqual(20);
  });

  it('counts the copies of large arrays that calls were given', async () => {
    let [running, most] = [0, 0];
    const makeFrom = task(
      { name: 'make-from', resources: { memory: MIB }, arrays: 'borrow' },
      async (data: Float64Array, n: number) => {
        running += 1;
        most = Math.max(most, running);
        await turns(5);
        running -= 1;
        return new Float64Array(MIB / 8).fill(n + data.length);
      },
    );
    const from = async (elements: number): Promise<[number, number]> => {
      most = 0;
      const uses = flow({ name: 'uses', memory: '16MiB' }, async () => {
        const data = new Float64Array(elements);
        const firsts = Array.from({ length: 12 }, async (_, n) => first(makeFrom(data, n)));
        return (await Promise.all(firsts)).length;
      });
      return [await runs.value(uses), most];
    };
    expect(await from(1)).toEqual([12, 12]);
    // Eight of sixteen MiB are the copy.
    expect(await from(MIB)).toEqual([12, 8]);
    // Nothing fits, and one goes at a time.
    expect(await from(4 * MIB)).toEqual([12, 1]);
  });

  it('smaller than one value still lets everything come to its end, and says so', async () => {
    const made = task({ name: 'made' }, (n: number) => new Float64Array(MIB / 8).fill(n));
    const tree = flow({ name: 'tight', memory: '100KiB' }, async () =>
      first(reduce(add, made.map([1, 2, 3, 4, 5, 6, 7]))),
    );
    const { value, record } = await runs.run(tree);
    expect(value).toBe(28);
    const notes = record.nodes.flatMap(({ idx }) => record.entries(idx, 'note').map(({ code }) => code));
    expect(notes).toContain('memory_overshoot');
    expect(notes).toContain('memory_exceeded');
  });

  it('moves values that are kept out of memory before it gives in', async () => {
    const made = new Watched();
    const keep = task({ name: 'keep', persist: true, resources: { memory: MIB } }, (n: number) =>
      made.add(new Float64Array(MIB / 8).fill(n)),
    );
    const spills = flow({ name: 'spills', memory: '4MiB' }, async () => {
      const futures = Array.from({ length: 12 }, (_, n) => keep(n));
      for (const future of futures) await settled(future).then(() => undefined);
      const alive = await made.alive();
      const values = [];
      for (const future of futures) values.push(await first(future));
      return [alive, values.reduce((a, b) => a + b, 0)];
    });
    const { value, record } = await runs.run(spills);
    expect(value[0]).toBeLessThanOrEqual(5);
    expect(value[1]).toBe(66);
    expect(record.named('keep').every(({ attempt }) => attempt === 1)).toBe(true);
  });
});
