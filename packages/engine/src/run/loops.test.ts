import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { skip } from '../authoring/skip.ts';
import { task } from '../authoring/task.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const step = task({ name: 'step' }, async (n: number) => n + 1);
const fail = task({ name: 'fail' }, (message: string): number => {
  throw new RangeError(message);
});

describe('a loop', () => {
  it('goes round until its body asks for the exit, and shows each cycle with its figures', async () => {
    const solves = flow({ name: 'solves' }, async () => {
      let image = 0;
      return loop('self-cal', { max: 10 }, async (cycle) => {
        image = await step(image);
        cycle.metric('snr', 100 * image, 'dB');
        cycle.metric('peak', image);
        if (image === 3) cycle.exit('converged');
        return image;
      });
    });
    const { value, record } = await runs.run(solves);
    expect(value).toEqual({ value: 3, cycles: 3, reason: 'converged' });
    const whole = record.node('self-cal', 'loop');
    const cycles = record.named('self-cal', 'cycle');
    expect(whole).toMatchObject({ state: 'completed', parent: 0 });
    expect(cycles.map(({ parent, state }) => [parent, state])).toEqual(
      Array.from({ length: 3 }, () => [whole.idx, 'completed']),
    );
    expect(record.named('step').map(({ parent, group: of }) => [parent, of])).toEqual(
      cycles.map(({ idx }) => [idx, idx]),
    );
    expect(record.entries(whole.idx, 'exit')).toEqual([{ reason: 'converged', cycles: 3 }]);
    expect(record.entries(cycles[1]?.idx ?? 0, 'metric')).toEqual([
      { name: 'snr', value: 200, unit: 'dB' },
      { name: 'peak', value: 2, unit: '' },
    ]);
  });

  it('ends after its last cycle in any case', async () => {
    const solves = flow({ name: 'solves-long' }, async () => {
      const indices: number[] = [];
      const result = await loop('solve', { max: 4 }, async (cycle) => void indices.push(cycle.index));
      return [indices, result.cycles, result.reason];
    });
    const { value, record } = await runs.run(solves);
    expect(value).toEqual([[0, 1, 2, 3], 4, 'max']);
    expect(record.entries(record.node('solve', 'loop').idx, 'exit')).toEqual([{ reason: 'max', cycles: 4 }]);
  });

  it('may do work in parallel within a cycle, and waits for what nobody awaits', async () => {
    const order: string[] = [];
    const slow = task({ name: 'slow' }, async (name: string) => {
      await turns(2);
      order.push(name);
    });
    const solves = flow({ name: 'solves-wide' }, async () =>
      loop('solve', { max: 2 }, async ({ index }) => {
        slow(`left ${index}`);
        await Promise.all([slow(`a ${index}`), slow(`b ${index}`)]);
        await step.map([1, 2, 3]);
        order.push(`end ${index}`);
      }),
    );
    const { record } = await runs.run(solves);
    expect(order.indexOf('left 0')).toBeLessThan(order.indexOf('a 1'));
    expect(order.filter((name) => name.startsWith('end'))).toEqual(['end 0', 'end 1']);
    expect(record.tally('step')).toEqual({ completed: 6 });
    expect(record.named('step', 'map').map(({ parent }) => record.node(parent).kind)).toEqual([
      'cycle',
      'cycle',
    ]);
  });

  it('may lie in another, and in a stage', async () => {
    const inner = flow({ name: 'inner' }, async () => loop('inside', { max: 2 }, ({ index }) => step(index)));
    const solves = flow({ name: 'solves-nested' }, async () =>
      loop('outer', { max: 2 }, async ({ index }) => {
        const { value } = await loop('nested', { max: 2 }, ({ index: deep }) => step(10 * index + deep));
        return [value, (await inner()).value];
      }),
    );
    const { value, record } = await runs.run(solves);
    expect(value.value).toEqual([12, 2]);
    expect(record.named('nested', 'cycle')).toHaveLength(4);
    const [first] = record.named('inside', 'cycle');
    expect(record.lineage(first?.idx ?? 0)).toEqual([
      'inside',
      'inside',
      'inner',
      'outer',
      'outer',
      'solves-nested',
    ]);
    const stage = record.named('inner')[0]?.idx;
    const inside = record.named('step').find(({ parent }) => parent === first?.idx);
    expect(inside?.stage).toBe(stage);
  });

  it('fails with the error of its cycle', async () => {
    const solves = flow({ name: 'solves-badly' }, async () => {
      try {
        return await loop('solve', { max: 5 }, async ({ index }) => (index === 1 ? fail('diverged') : index));
      } catch (error) {
        return error;
      }
    });
    const { value, state, record } = await runs.run(solves);
    expect(state).toBe('completed');
    expect(value).toMatchObject({ name: 'RangeError', message: 'diverged' });
    expect(record.states('solve', 'cycle')).toEqual(['completed', 'failed']);
    expect(record.states('solve', 'loop')).toEqual(['failed']);
    expect(record.entries('fail', 'error')).toMatchObject([{ message: 'diverged' }]);
  });

  it('fails if a cycle leaves a failure unhandled', async () => {
    const solves = flow({ name: 'solves-carelessly' }, async () =>
      settled(loop('solve', { max: 3 }, async () => void fail('ignored'))),
    );
    const { value, record } = await runs.run(solves);
    expect(value).toMatchObject({
      state: 'failed',
      error: { code: 'UNHANDLED_FAILURE', cause: { message: 'ignored' } },
    });
    expect(record.states('solve', 'cycle')).toEqual(['failed']);
  });

  it('that nobody awaits ends before its flow does, and may fail it', async () => {
    const leaves = flow(
      { name: 'leaves' },
      async () => void loop('solve', { max: 2 }, ({ index }) => step(index)),
    );
    const { record } = await runs.run(leaves);
    expect(record.states('solve', 'cycle')).toEqual(['completed', 'completed']);

    const fails = flow(
      { name: 'leaves-failing' },
      async () => void loop('solve', { max: 2 }, () => fail('no')),
    );
    expect(await runs.error(fails)).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      cause: { message: 'no' },
    });
  });

  it('is skipped by a skip in its body, and the flow with it', async () => {
    const solves = flow({ name: 'skips' }, async () => {
      const { state } = await settled(loop('solve', { max: 2 }, () => skip('nothing to solve')));
      return state;
    });
    const { value, record } = await runs.run(solves);
    expect(value).toBe('skipped');
    expect(record.states('solve', 'cycle')).toEqual(['skipped']);
  });

  it('may be passed on', async () => {
    const look = task({ name: 'look' }, (result: { value: number; reason: string }) => result.reason);
    const passes = flow({ name: 'passes' }, async () => look(loop('solve', { max: 1 }, () => step(1))));
    expect(await runs.value(passes)).toBe('max');
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot have max %d', async (max) => {
    const solves = flow({ name: 'none' }, async () => loop('solve', { max }, () => 1));
    expect(await runs.error(solves)).toMatchObject({
      code: 'INVALID_OPTION',
      at: expect.stringMatching(/loops\.test\.ts:\d+:\d+$/),
    });
  });

  it('submits what comes later deeper', async () => {
    const order: string[] = [];
    const say = task({ name: 'say' }, async (word: string) => {
      await turns(2);
      order.push(word);
    });
    const solves = flow({ name: 'deeper', concurrency: 1 }, async () => {
      const solved = loop('solve', { max: 2 }, async ({ index }) => {
        await say(`one ${index}`);
        await say(`two ${index}`);
      });
      await turns(1);
      await Promise.all(['b', 'c', 'd'].map((word) => say(word)));
      await solved;
    });
    await runs.value(solves);
    // What is deeper takes the next slot that is free once it is submitted.
    expect(order.indexOf('two 0')).toBeLessThan(order.indexOf('c'));
    expect(order.indexOf('one 1')).toBeLessThan(order.indexOf('d'));
  });
});

describe('a group', () => {
  it('shows and counts what its code submits, and gives what it returns', async () => {
    const parts = flow({ name: 'parts' }, async () => {
      const one = group('calibrate', async () => {
        const first = await step(1);
        step(10);
        return first;
      });
      const two = group('image', () => step(2));
      return Promise.all([one, two, group('nothing', () => 5)]);
    });
    const { value, record } = await runs.run(parts);
    expect(value).toEqual([2, 3, 5]);
    expect(record.named('calibrate', 'group')).toHaveLength(1);
    const counted = record.named('step').map(({ group: of }) => record.node(of).name);
    expect(counted.toSorted()).toEqual(['calibrate', 'calibrate', 'image']);
  });

  it('fails with its code, cancelling what it left', async () => {
    const waits = task({ name: 'waits' }, async () => {
      await turns(2);
      run.signal.throwIfAborted();
    });
    const parts = flow({ name: 'parts-fail', concurrency: 1 }, async () => {
      const outcome = await settled(
        group('part', async () => {
          waits();
          waits();
          throw new TypeError('wrong');
        }),
      );
      return [outcome.state, outcome.error?.message, await step(1)];
    });
    const { value, record } = await runs.run(parts);
    expect(value).toEqual(['failed', 'wrong', 2]);
    expect(record.states('waits')).toEqual(['cancelled', 'cancelled']);
  });

  it('of the same name is another each time', async () => {
    const parts = flow({ name: 'parts-twice' }, async () => {
      await group('part', () => step(1));
      await group('part', () => step(1));
    });
    const { record } = await runs.run(parts);
    expect(new Set(record.nodes.map(({ key }) => key)).size).toBe(5);
  });
});
