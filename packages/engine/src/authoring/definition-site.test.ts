import { describe, expect, it } from 'vitest';
import { first, second } from '../../test-fixtures/engine/names.ts';
import * as made from '../../test-fixtures/engine/factory-tasks.ts';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { testStore } from '../testing/test-store.ts';
import { flow } from './flow.ts';
import { settled } from './settled.ts';
import { task } from './task.ts';

const runs = testStore();
const here = expect.stringMatching(/definition-site\.test\.ts:\d+:\d+$/);

describe('two definitions of one name', () => {
  it('cannot both be called in one run', async () => {
    const both = flow({ name: 'both' }, async () => [await first(), await second()]);
    expect(await runs.error(both)).toMatchObject({
      code: 'DUPLICATE_NAME',
      message: expect.stringMatching(
        /^two tasks of one module have the name 'same': .*names\.ts:4:\d+ and .*names\.ts:5:\d+$/,
      ),
      at: expect.stringMatching(/names\.ts:5:\d+$/),
      remedy: expect.stringContaining('another name'),
    });
  });

  it('may each be called in a run of their own', async () => {
    expect(await runs.value(flow({ name: 'one' }, async () => first()))).toBe('first');
    expect(await runs.value(flow({ name: 'other' }, async () => second()))).toBe('second');
  });

  it('never run each other’s code on a thread', async () => {
    const one = flow({ name: 'one-thread', runner: threads(1) }, async () => first());
    const other = flow({ name: 'other-thread', runner: threads(1) }, async () => second());
    expect(await runs.value(one)).toBe('first');
    expect(await runs.error(other)).toMatchObject({
      code: 'CLOSURE_ON_THREADS',
      message: expect.stringContaining('twice under one name'),
      at: expect.stringMatching(/names\.ts:5:\d+$/),
    });
  });

  it('are told apart inside functions as well', async () => {
    const both = flow({ name: 'both-inside' }, async () => {
      const one = task({ name: 'inside' }, () => 1);
      const other = task({ name: 'inside' }, () => 2);
      return [await one(), await other()];
    });
    expect(await runs.error(both)).toMatchObject({ code: 'DUPLICATE_NAME', at: here });
  });

  it('may be a task and a flow only in different runs', async () => {
    const stage = flow({ name: 'both-kinds' }, async () => 1);
    const work = task({ name: 'both-kinds' }, () => 2);
    const both = flow({ name: 'calls-both' }, async () => [await stage(), await work()]);
    expect(await runs.error(both)).toMatchObject({
      code: 'DUPLICATE_NAME',
      message: expect.stringContaining('a task and a flow of one module'),
    });
  });

  it('of one line, evaluated again, are one', async () => {
    const make = (n: number) => task({ name: 'made' }, () => n);
    const twice = flow({ name: 'twice' }, async () => [await make(1)(), await make(2)()]);
    const { value, record } = await runs.run(twice);
    expect(value).toEqual([1, 2]);
    expect(new Set(record.named('made').map(({ key }) => key)).size).toBe(2);
  });
});

describe('a task for threads', () => {
  it('must stand at module level', async () => {
    const inside = flow({ name: 'inside', runner: threads(1) }, async () => {
      const closure = task({ name: 'closure' }, () => 1);
      return settled(closure());
    });
    expect(await runs.value(inside)).toMatchObject({
      state: 'failed',
      error: {
        code: 'CLOSURE_ON_THREADS',
        at: here,
        remedy: expect.stringContaining("on: 'inline'"),
      },
    });
  });

  it('may come from a factory, if loading the module makes it under a name of its own', async () => {
    const scaled = flow({ name: 'scaled', runner: threads(1) }, async () => [
      await made.double(5),
      await made.triple(5),
    ]);
    expect(await runs.value(scaled)).toEqual([10, 15]);
  });

  it('may stand in a module that is loaded while a run is under way', async () => {
    const late = flow({ name: 'late', runner: threads(1) }, async () => {
      const { fourfold } = await import('../../test-fixtures/engine/loaded-late.ts');
      expect(fourfold.definition.origin).toMatchObject({ unstableBecause: undefined });
      return fourfold(5);
    });
    expect(await runs.value(late)).toBe(20);
  });

  it('is none of several that one line makes under one name', async () => {
    for (const one of made.both) {
      const ambiguous = flow({ name: 'ambiguous', runner: threads(1) }, async () => one(5));
      expect(await runs.error(ambiguous)).toMatchObject({ code: 'CLOSURE_ON_THREADS' });
    }
  });

  it('is looked for where its module is, and said not to be there', async () => {
    const later = made.makeLater();
    const missing = flow({ name: 'missing', runner: threads(1) }, async () => later(5));
    expect(await runs.error(missing)).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('may be sent there one by one, and kept here', async () => {
    const mixed = flow({ name: 'mixed' }, async () => {
      const local = task({ name: 'local' }, (n: number) => n + 1);
      return local(threaded.add.with({ on: 'threads' })(1, 2));
    });
    expect(await runs.value(mixed)).toBe(4);
    const kept = flow({ name: 'kept', runner: threads(1) }, async () => {
      const local = task({ name: 'local', on: 'inline' }, (n: number) => n + 1);
      return local(threaded.add(1, 2));
    });
    expect(await runs.value(kept)).toBe(4);
  });

  it('takes and gives what can be cloned, and says what cannot', async () => {
    const wrong = flow({ name: 'wrong', runner: threads(1) }, async () => [
      (await settled(threaded.takeAnything({ apply: () => 1 }))).error,
      (await settled(threaded.giveFunction())).error,
      await threaded.takeAnything(5),
    ]);
    expect(await runs.value(wrong)).toMatchObject([
      { code: 'UNCLONEABLE_ARGUMENT', message: expect.stringContaining('.apply') },
      {
        code: 'UNCLONEABLE_RESULT',
        message: expect.stringContaining('.apply'),
        at: expect.stringContaining('thread-tasks.ts'),
      },
      'number',
    ]);
  });
});
