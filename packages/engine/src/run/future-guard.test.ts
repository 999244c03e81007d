import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { double, misuse, throwsFuture, uses } from '../../test-fixtures/engine/future-uses.ts';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const refused = 'FUTURE_USED_AS_VALUE future-uses.ts';
const everyUse = {
  text: refused,
  concatenation: refused,
  sum: refused,
  product: refused,
  comparison: refused,
  join: refused,
  string: refused,
  json: refused,
};

describe('a future used as if it were its value', () => {
  it('is an error with the line in a flow, for whatever was called', async () => {
    const stage = flow({ name: 'stage' }, async () => 1);
    const flows = flow({ name: 'flows' }, async () => {
      const futures = [
        double(1),
        double.map([1]),
        stage(),
        settled(double(2)),
        loop('loop', { max: 1 }, () => 1),
        group('group', () => 1),
        double(Promise.resolve(3)),
      ];
      const used = futures.map(uses);
      await Promise.all(futures);
      return used;
    });
    expect(await runs.value(flows)).toEqual(Array.from({ length: 7 }, () => everyUse));
  });

  it.each(['inline', 'threads'] as const)('is one in a task, and in a stage: %s', async (on) => {
    const stage = flow({ name: 'stage' }, async () => misuse.with({ on })());
    const flows = flow({ name: 'flows' }, async () => [await misuse.with({ on })(), await stage()]);
    const [one, all] = on === 'inline' ? [', queued', ', running'] : ['', ''];
    const shown = `one: TaskFuture(double${one}),\n  many: MapFuture(double${all}),\n  sum: TaskFuture(add${all})`;
    const used = [everyUse, everyUse, everyUse];
    expect(await runs.value(flows)).toEqual([
      { used, shown: expect.stringContaining(shown) },
      { used, shown: expect.any(String) },
    ]);
  });

  it('fails the flow with a remedy that says await', async () => {
    const says = flow({ name: 'says' }, async () => `flux ${double(1) as unknown as string}`);
    expect(await runs.error(says)).toMatchObject({
      code: 'FUTURE_USED_AS_VALUE',
      message: expect.stringContaining("the future of 'double' is used as text"),
      remedy: expect.stringMatching(/await/i),
      at: expect.stringMatching(/future-guard\.test\.ts:\d+:\d+$/),
    });
  });
});

describe('a future that is only looked at', () => {
  it('shows its name and state, and nothing of the engine', async () => {
    const looks = flow({ name: 'looks' }, async () => {
      const one = double(1);
      const late = double(Promise.resolve(1));
      const before = [inspect(one), inspect(late), inspect([double.map([1])])];
      await Promise.all([one, late]);
      return [...before, inspect(one), inspect({ late })];
    });
    expect(await runs.value(looks)).toEqual([
      'TaskFuture(double, queued)',
      'TaskFuture(a call, not submitted)',
      '[ MapFuture(double, running) ]',
      'TaskFuture(double, completed)',
      '{ late: TaskFuture(double, completed) }',
    ]);
  });

  it('may be logged, and stand among the arguments of another call', async () => {
    const logs = flow({ name: 'logs' }, async () => {
      const one = double(1);
      run.log('waits for', { one });
      return double(one);
    });
    const { record, value } = await runs.run(logs);
    expect(value).toBe(4);
    expect(record.entries('logs', 'log')).toMatchObject([{ fields: expect.stringContaining('future') }]);
  });

  it.each(['inline', 'threads'] as const)('may be thrown: the task fails, %s', async (on) => {
    const throws = flow({ name: 'throws' }, async () => {
      const { state, error } = await settled(throwsFuture.with({ on })());
      return [state, error?.message];
    });
    const message = on === 'inline' ? 'TaskFuture(double' : 'a promise (await it first)';
    expect(await runs.value(throws)).toEqual(['failed', expect.stringContaining(message)]);
  });
});
