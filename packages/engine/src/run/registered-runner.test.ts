import { describe, expect, it } from 'vitest';
import { turns, TurnsRunner } from '../../test-fixtures/runner-kind/turns.ts';
import { flow } from '../authoring/flow.ts';
import { group } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import { task } from '../authoring/task.ts';
import { runnerContract } from '../runners/testing/runner.contract.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

runnerContract('a kind from outside the package', (size) => (host) => new TurnsRunner(host, size));

describe('a kind of runner that is registered from outside the package', () => {
  const add = task({ name: 'add' }, (a: number, b: number) => a + b);
  const deep = task({ name: 'deep' }, async (levels: number): Promise<number> => {
    if (levels === 0) return 0;
    return add(1, await group('level', () => deep(levels - 1)));
  });

  it('is what a flow runs on that chooses it', async () => {
    const chosen = flow({ name: 'chosen', runner: turns(2) }, async () => [
      await reduce(
        add,
        add.map([1, 2, 3], (n) => [n, n]),
      ),
      await deep(3),
    ]);
    const { value, record } = await runs.run(chosen);
    expect(value).toEqual([12, 3]);
    expect(record.tally('add')).toEqual({ completed: 8 });
  });

  it('is what a task runs on that names it', async () => {
    const named = flow({ name: 'named' }, async () => add.with({ on: 'turns' })(add(1, 2), 3));
    expect(await runs.value(named)).toBe(6);
  });

  it('judges the options of a choice when the flow is defined', () => {
    expect(() => flow({ name: 'wrong', runner: turns(1, -5) }, async () => 1)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: "runner of flow 'wrong' is turns with a pauseMs of -5",
        remedy: 'It must be one of 0 or more milliseconds.',
      }),
    );
    expect(() => flow({ name: 'wrong', runner: turns(0) }, async () => 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: "runner of flow 'wrong' is turns(0)" }),
    );
  });

  it('is among those that an unknown name is answered with', () => {
    const unknown = expect.objectContaining({
      code: 'INVALID_OPTION',
      message: "on of task 'x' is dask",
      remedy: expect.stringMatching(/one of .*inline.*threads.*turns/),
      at: expect.stringContaining('registered-runner.test.ts:'),
    });
    expect(() => task({ name: 'x', on: 'dask' }, () => 1)).toThrow(unknown);
    expect(() => add.with({ on: 'dask' })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => flow({ name: 'f', runner: { runner: 'dask' } }, async () => 1)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: "runner of flow 'f' is dask" }),
    );
  });
});
