import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const fail = task({ name: 'fail' }, async (message: string): Promise<number> => {
  throw new RangeError(message);
});
const failOdd = task({ name: 'fail-odd' }, (n: number): number => {
  if (n % 2 === 1) throw new RangeError('odd');
  return n;
});
const echo = task({ name: 'echo' }, (value: unknown) => value);
const sum = task({ name: 'sum' }, (a: number, b: number) => a + b);
const states = task({ name: 'states', when: 'all_done' }, (...given: unknown[]) =>
  given.map((one) => (one as { state: string }).state),
);

describe('a failure is handled', () => {
  it('when it is awaited and caught', async () => {
    const catches = flow({ name: 'catches' }, async () => {
      try {
        return await fail('no');
      } catch (error) {
        return error;
      }
    });
    const { state, value, record } = await runs.run(catches);
    expect(state).toBe('completed');
    expect(value).toBeInstanceOf(RangeError);
    expect(record.states('fail')).toEqual(['failed']);
    expect(record.entries('fail', 'error')).toMatchObject([
      { name: 'RangeError', message: 'no', at: expect.stringMatching(/failures\.test\.ts:\d+:\d+$/) },
    ]);
  });

  it('when a promise made of it is caught', async () => {
    const catches = flow({ name: 'catches-later' }, async () => {
      const direct = fail('a').catch(() => 'caught');
      const chained = fail('b')
        .then((n) => n + 1)
        .then((n) => n + 1)
        .catch(() => 'caught');
      const all = Promise.all([fail('c'), fail('d')]).catch(() => 'caught');
      const both = fail('e').then(
        () => 'not caught',
        () => 'caught',
      );
      let mended = 'not caught';
      try {
        await fail('f').then((n) => n + 1);
      } catch {
        mended = 'caught';
      }
      return Promise.all([direct, chained, all, both, mended]);
    });
    expect(await runs.value(catches)).toEqual(Array.from({ length: 5 }, () => 'caught'));
  });

  it('when it is settled, whether that is awaited or not', async () => {
    const settles = flow({ name: 'settles' }, async () => {
      void settled(fail('unseen'));
      const { state, error, value } = await settled(fail('seen'));
      return [state, error?.message, value];
    });
    expect(await runs.value(settles)).toEqual(['failed', 'seen', undefined]);
  });

  it('when a settled future is passed on', async () => {
    const passes = flow({ name: 'passes' }, async () => echo({ outcome: settled(fail('no')) }));
    const { value, record } = await runs.run(passes);
    expect(value).toMatchObject({ outcome: { state: 'failed', error: { message: 'no' } } });
    expect(record.upstream('echo')).toEqual(['fail']);
  });

  it('when it is consumed under a tolerant rule', async () => {
    const tolerates = flow({ name: 'tolerates' }, async () => states(fail('no'), echo(1)));
    expect(await runs.value(tolerates)).toEqual(['failed', 'completed']);
  });

  it('when something under a tolerant rule comes after it', async () => {
    const after = flow({ name: 'after' }, async () =>
      echo.with({ when: 'all_done', after: [fail('no')] })(1),
    );
    expect(await runs.value(after)).toBe(1);
  });

  it('when every outcome of a map is asked for', async () => {
    const each = flow({ name: 'each' }, async () => {
      const outcomes = await eachSettled(failOdd.map([0, 1, 2]));
      return outcomes.map(({ state, value, error }) => [state, value ?? error?.message]);
    });
    expect(await runs.value(each)).toEqual([
      ['completed', 0],
      ['failed', 'odd'],
      ['completed', 2],
    ]);
  });
});

describe('a failure that nothing handles', () => {
  it('fails the flow, named, with its cause, however well the body went', async () => {
    const ignores = flow({ name: 'ignores' }, async () => {
      fail('first');
      return 'fine';
    });
    const { state, error, value, record } = await runs.run(ignores);
    expect([state, value]).toEqual(['failed', undefined]);
    expect(error).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      message: expect.stringMatching(/^ignores failed: nothing handles the failure of fail \([0-9a-f]{8}\)$/),
      cause: { name: 'RangeError', message: 'first' },
      remedy: expect.stringContaining('settled()'),
    });
    expect(record.node(0).reason).toBe('unhandled_failure');
    expect(record.entries(0, 'error')).toMatchObject([
      { code: 'UNHANDLED_FAILURE', cause: { message: 'first' } },
    ]);
  });

  it('are counted when they are many', async () => {
    const ignores = flow({ name: 'ignores-many' }, async () => {
      for (let i = 0; i < 5; i += 1) fail(`no ${i}`);
    });
    expect(await runs.error(ignores)).toMatchObject({ message: expect.stringContaining('and 2 more') });
  });

  it('passes on to a consumer under the default rule, which passes the duty on', async () => {
    const chain = flow({ name: 'chain' }, async () => {
      echo(echo(fail('root')));
    });
    const { error, record } = await runs.run(chain);
    expect(record.states('echo')).toEqual(['upstream_failed', 'upstream_failed']);
    expect(error).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      message: expect.stringContaining('echo'),
      cause: { code: 'UPSTREAM_FAILED', cause: { code: 'UPSTREAM_FAILED', cause: { message: 'root' } } },
    });
    expect(record.node(2).message).toContain('fail');

    const handled = flow({ name: 'handled' }, async () => settled(echo(fail('root'))));
    expect(await runs.value(handled)).toMatchObject({
      state: 'upstream_failed',
      error: { code: 'UPSTREAM_FAILED', cause: { message: 'root' } },
    });
  });

  it('in a promise that nobody takes fails the flow, and ends no process', async () => {
    const floats = flow({ name: 'floats' }, async () => {
      void fail('lost').then((n) => n + 1);
      void fail('lost too')
        .then((n) => n + 1)
        .then((n) => n + 1);
      await echo(1);
    });
    expect(await runs.error(floats)).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      message: expect.stringMatching(/failure of fail .*, fail /),
    });
  });

  it('thrown by what uses a value, in a promise that nobody takes, fails the flow', async () => {
    const floats = flow({ name: 'floats-wrong' }, async () => {
      void echo(1).then(() => {
        throw new TypeError('wrong use');
      });
      await echo(2);
      await echo(3);
    });
    expect(await runs.error(floats)).toMatchObject({ name: 'TypeError', message: 'wrong use' });
    const taken = flow({ name: 'taken-late' }, async () => {
      const used = echo(1).then((): number => {
        throw new TypeError('wrong use');
      });
      await echo(2);
      await echo(3);
      return used.catch(() => 'caught');
    });
    expect(await runs.value(taken)).toBe('caught');
  });

  it('of a map that is not awaited fails the flow', async () => {
    const ignores = flow({ name: 'ignores-map' }, async () => void failOdd.map([1, 2, 3]));
    const { error, record } = await runs.run(ignores);
    expect(error).toMatchObject({ code: 'UNHANDLED_FAILURE', cause: { code: 'MAP_FAILED' } });
    expect(record.states('fail-odd', 'map')).toEqual(['failed']);
  });

  it('of a map that is awaited rejects there', async () => {
    const catches = flow({ name: 'catches-map' }, async () => {
      try {
        return await failOdd.map([1, 2, 3]);
      } catch (error) {
        return error;
      }
    });
    const { value, state } = await runs.run(catches);
    expect(state).toBe('completed');
    expect(value).toMatchObject({ code: 'MAP_FAILED' });
  });

  it('in a reduce rejects it once', async () => {
    const reduces = flow({ name: 'reduces' }, async () => {
      try {
        return await reduce(sum, [1, fail('leaf'), 3]);
      } catch (error) {
        return error;
      }
    });
    const { value, record } = await runs.run(reduces);
    expect(value).toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(record.states('sum')).toEqual(['upstream_failed', 'upstream_failed']);
    expect(record.states('sum', 'reduce')).toEqual(['failed']);
  });

  it('of a flow that throws by itself is not hidden by another', async () => {
    const throws = flow({ name: 'throws' }, async () => {
      fail('beside');
      await echo(1);
      throw new TypeError('its own');
    });
    expect(await runs.error(throws)).toMatchObject({ name: 'TypeError', message: 'its own' });
  });

  it('in a stage fails the stage, and is handled there', async () => {
    const inner = flow({ name: 'inner' }, async () => void fail('inside'));
    const outer = flow({ name: 'outer' }, async () => settled(inner()));
    expect(await runs.value(outer)).toMatchObject({
      state: 'failed',
      error: { code: 'UNHANDLED_FAILURE', cause: { message: 'inside' } },
    });
    const fails = flow({ name: 'outer-fails' }, async () => void inner());
    expect(await runs.error(fails)).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      cause: { code: 'UNHANDLED_FAILURE', cause: { message: 'inside' } },
    });
  });

  it('in a task that calls fails the task', async () => {
    const calls = task({ name: 'calls' }, async () => void fail('child'));
    const outer = flow({ name: 'outer-calls' }, async () => settled(calls()));
    const { value, record } = await runs.run(outer);
    expect(value).toMatchObject({ state: 'failed', error: { cause: { message: 'child' } } });
    expect(record.states('calls')).toEqual(['failed']);
  });
});

describe('what is thrown', () => {
  it('may be anything', async () => {
    const throwText = task({ name: 'throw-text' }, () => {
      throw 'just words';
    });
    const catches = flow({ name: 'catches-text' }, async () => settled(throwText()));
    const { value, record } = await runs.run(catches);
    const message = "task 'throw-text' threw just words, which is no error";
    const at = expect.stringMatching(/failures\.test\.ts:\d+:\d+$/);
    expect(value).toMatchObject({ error: { code: 'NOT_AN_ERROR', message, at, cause: 'just words' } });
    expect(record.entries('throw-text', 'error')).toMatchObject([
      { code: 'NOT_AN_ERROR', message, cause: { name: 'Thrown', message: 'just words' } },
    ]);
  });

  it('may throw itself when it is looked at: the run and its record do not', async () => {
    const refuse = (): never => {
      throw new Error('no');
    };
    const hostile = task({ name: 'hostile' }, () => {
      throw new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse });
    });
    const stackless = task({ name: 'stackless' }, async () => {
      throw Object.defineProperty(new Error('words'), 'stack', { get: refuse });
    });
    const catches = flow({ name: 'catches-hostile' }, async () => [
      await settled(hostile()),
      await settled(stackless()),
    ]);
    const { value, record } = await runs.run(catches);
    expect(value).toMatchObject([
      { state: 'failed', error: { message: 'something that cannot be shown' } },
      { state: 'failed', error: { message: 'words' } },
    ]);
    expect(record.entries('hostile', 'error')).toHaveLength(1);
    expect(record.entries('stackless', 'error')).toMatchObject([{ message: 'words' }]);
  });

  it('arrives as an error of the language’s own kind, each time the same', async () => {
    const catches = flow({ name: 'same' }, async () => {
      const future = fail('once');
      const [one, two] = await Promise.all([
        future.catch((e: unknown) => e),
        future.catch((e: unknown) => e),
      ]);
      return one === two && one instanceof RangeError;
    });
    expect(await runs.value(catches)).toBe(true);
  });

  it('is recorded with its causes', async () => {
    const deep = task({ name: 'deep' }, () => {
      throw new Error('outer', { cause: new AggregateError([new Error('a'), new Error('b')], 'both') });
    });
    const { record } = await runs.run(flow({ name: 'causes' }, async () => settled(deep())));
    expect(record.entries('deep', 'error')).toMatchObject([
      { message: 'outer', cause: { message: 'both', errors: [{ message: 'a' }, { message: 'b' }] } },
    ]);
  });
});
