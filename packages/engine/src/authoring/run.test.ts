import { describe, expect, it } from 'vitest';
import { testStore } from '../testing/test-store.ts';
import { flow } from './flow.ts';
import { group, loop } from './loop.ts';
import { run } from './run.ts';
import { sleep } from './sleep.ts';
import { task } from './task.ts';

const runs = testStore();

describe('run', () => {
  it('tells a task, a stage and a flow about themselves', async () => {
    const about = (): unknown[] => [run.name, run.id, run.attempt, run.key, run.idempotencyKey];
    const work = task({ name: 'work' }, about);
    const stage = flow({ name: 'stage' }, async () => about());
    const outer = flow({ name: 'outer' }, async () => [about(), await work(), await stage()]);
    const { value, id, record } = await runs.run(outer);
    expect(value).toEqual(
      ['outer', 'work', 'stage'].map((name) => {
        const { key } = record.node(name);
        return [name, id, 1, key, `${id}/${key}`];
      }),
    );
  });

  it('has a signal that is one for the run, and not aborted', async () => {
    const work = task({ name: 'signals' }, () => run.signal === run.signal && !run.signal.aborted);
    expect(await runs.value(flow({ name: 'signalled' }, async () => work()))).toBe(true);
  });
});

describe('run.log', () => {
  it('is recorded in order, by level, with fields, where it was said', async () => {
    const work = task({ name: 'work' }, async () => {
      run.log('starts', { spw: 3 });
      run.log.debug('looks', { at: [1, 2] });
      run.log.info('finds');
      await Promise.resolve();
      run.log.warn('doubts');
      run.log.error('fails', { error: new RangeError('no') });
    });
    const logs = flow({ name: 'logs' }, async () => {
      run.log('of the flow');
      await group('part', async () => run.log('of the group'));
      await work();
    });
    const { record } = await runs.run(logs);
    expect(record.entries('work', 'log')).toEqual([
      { level: 'info', message: 'starts', fields: { spw: 3 } },
      { level: 'debug', message: 'looks', fields: { at: [1, 2] } },
      { level: 'info', message: 'finds' },
      { level: 'warn', message: 'doubts' },
      { level: 'error', message: 'fails', fields: { error: { name: 'RangeError', message: 'no' } } },
    ]);
    expect(record.entries('logs', 'log')).toEqual([{ level: 'info', message: 'of the flow' }]);
    expect(record.entries('part', 'log')).toEqual([{ level: 'info', message: 'of the group' }]);
  });

  it('takes whatever is said', async () => {
    const cyclic: Record<string, unknown> = { n: 1 };
    cyclic['self'] = cyclic;
    const work = task({ name: 'work' }, () => {
      run.log('big', { n: 10n, f: Math.max, s: Symbol('x'), set: new Set([1]), map: new Map([['a', 1]]) });
      run.log('arrays', { few: new Float32Array([1, 2]), many: new Float64Array(1000) });
      run.log('cycle', cyclic);
      run.log('long', { text: 'x'.repeat(5_000_000) });
      run.log('nothing', { u: undefined, nan: Number.NaN, date: new Date(0) });
    });
    const { record, state } = await runs.run(flow({ name: 'says' }, async () => work()));
    expect(state).toBe('completed');
    const [big, arrays, cycle, long, nothing] = record.entries('work', 'log');
    expect(big).toMatchObject({ fields: { n: '10', f: 'function max', s: 'Symbol(x)', set: [1] } });
    expect(arrays).toMatchObject({ fields: { few: [1, 2], many: 'Float64Array(1000)' } });
    expect(cycle).toMatchObject({ message: 'cycle', fields: expect.stringContaining('n: 1') });
    expect(long?.['message']).toBe('long');
    expect(nothing).toMatchObject({ fields: { nan: null, date: '1970-01-01T00:00:00.000Z' } });
  });
});

describe('run.progress', () => {
  it('is recorded', async () => {
    const work = task({ name: 'work' }, () => {
      run.progress(1);
      run.progress(2, 10);
      run.progress(10, 10, 'all gridded');
    });
    const { record } = await runs.run(flow({ name: 'progresses' }, async () => work()));
    expect(record.entries('work', 'progress')).toEqual([
      { done: 1 },
      { done: 2, total: 10 },
      { done: 10, total: 10, message: 'all gridded' },
    ]);
  });
});

describe('time and chance', () => {
  it('in a flow are recorded, one by one', async () => {
    const takes = flow({ name: 'takes' }, async () => {
      const first = [run.now(), run.random(), run.random()];
      await loop('turns', { max: 2 }, async () => run.random());
      return first;
    });
    const before = Date.now();
    const { value, record } = await runs.run(takes);
    const [now = 0, one = 0, two = 0] = value;
    expect(now).toBeGreaterThanOrEqual(before);
    expect(one).not.toBe(two);
    expect(record.entries(0, 'effect')).toEqual([
      { call: 'now', value: now },
      { call: 'random', value: one },
      { call: 'random', value: two },
    ]);
    const keys = record.nodes.flatMap(({ idx }) =>
      record.story(idx).entries.flatMap((entry) => (entry.kind === 'effect' ? [entry.key] : [])),
    );
    expect(keys).toHaveLength(5);
    expect(new Set(keys).size).toBe(5);
  });

  it('sleep waits at least as long', async () => {
    const sleeps = flow({ name: 'sleeps' }, async () => {
      const before = performance.now();
      await sleep(20);
      await sleep('1ms');
      return performance.now() - before;
    });
    expect(await runs.value(sleeps)).toBeGreaterThanOrEqual(19);
    await expect(sleep('soon' as '1s')).rejects.toMatchObject({ code: 'INVALID_DURATION' });
  });
});
