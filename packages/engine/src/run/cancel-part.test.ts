import { requestCancel } from '@sidereal/store';
import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import type { Settled } from '../future/future.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import { gate, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';

const runs = testStore();

/** Resolves once so many nodes of a name are in a state, with their numbers. */
async function inState(run: Promise<string>, name: string, state: string, count = 1): Promise<number[]> {
  const id = await run;
  const found = (): number[] =>
    runs
      .record(id)
      .nodes.filter((node) => node.name === name && node.state === state)
      .map(({ idx }) => idx);
  await until(() => found().length >= count);
  return found();
}

const waits = task({ name: 'waits' }, async (_item?: number) => sleep('10m'));
const add = task({ name: 'add' }, (a: number, b: number) => a + b);

describe.each([
  ['inline', inline(4)],
  ['on threads', threads(2)],
])('a part of a run that is cancelled, %s', (_, runner) => {
  it('is one item of a map: the others go on, and it is run again by a resume', async () => {
    let isResumed = false;
    const maps = flow({ name: 'maps', runner }, async () => {
      const map = threaded.untilStoppedOnce.map([1, 2]);
      const states = (await eachSettled(map)).map(({ state }) => state);
      if (!isResumed) throw new Error(states.join(' '));
      return states;
    });
    const handle = runs.start(maps);
    const [item = -1] = await inState(handle.id, 'until-stopped-once', 'running', 3).then((idxs) =>
      idxs.slice(1),
    );
    handle.cancel('by alice', { task: item });
    await inState(handle.id, 'until-stopped-once', 'cancelled');
    handle.cancel('and the rest');
    const { id, record } = await runs.ended(handle);
    expect(record.node(item)).toMatchObject({ state: 'cancelled', message: 'by alice' });
    isResumed = true;
    const resumed = await runs.run(maps, undefined, {
      resume: { runId: id, rules: RESUME, takeOver: false },
    });
    expect(resumed.value).toEqual(['completed', 'completed']);
    expect(resumed.record.node(item)).toMatchObject({ state: 'completed', attempt: 2 });
  });

  it('is a stage with all in it: who awaits it meets an error, and the rest goes on', async () => {
    const inner = flow({ name: 'inner' }, async () => {
      await threaded.untilStopped();
    });
    const stage = flow({ name: 'stage' }, async () => inner());
    const outer = flow({ name: 'outer', runner }, async () => {
      const { state, error } = await settled(stage());
      return [state, error?.message, await threaded.add(1, 2)];
    });
    const handle = runs.start(outer);
    await inState(handle.id, 'until-stopped', 'running');
    const [idx = -1] = await inState(handle.id, 'stage', 'running');
    handle.cancel('too slow', { task: idx });
    const { state, value, record } = await runs.ended(handle);
    expect(state).toBe('completed');
    expect(value).toEqual(['cancelled', expect.stringContaining('too slow'), 3]);
    expect(record.states('until-stopped')).toEqual(['cancelled']);
    expect(record.node('inner').state).toBe('cancelled');
  });
});

describe('a part of a run that is cancelled', () => {
  it('is a whole map: its source is ended, and a failure that nobody handles fails the flow', async () => {
    async function* endless(): AsyncGenerator<number> {
      yield* [1, 2, 3, 4];
      await new Promise(() => undefined);
    }
    const handle = runs.start(
      flow({ name: 'whole-map' }, () => {
        void waits.map(endless());
      }),
    );
    await inState(handle.id, 'waits', 'running', 5);
    handle.cancel('enough', { task: runs.record(await handle.id).node('waits', 'map').idx });
    const { state, error, record } = await runs.ended(handle);
    expect([state, error]).toMatchObject(['failed', { code: 'UNHANDLED_FAILURE' }]);
    expect(record.tally('waits')).toEqual({ cancelled: 4 });
    expect(record.node('waits', 'map').state).toBe('cancelled');
  });

  it('need not have begun: it ends at once, under its rules', async () => {
    const door = gate();
    const holds = task({ name: 'holds' }, () => door.passed);
    const fails = task({ name: 'fails', retries: { limit: 1, delay: '10m' } }, () => {
      throw new Error('no');
    });
    const next = task({ name: 'next', when: 'all_done' }, (before: Settled<number>) => before.state);
    const handle = runs.start(
      flow({ name: 'idle', concurrency: 1 }, async () => {
        const failing = fails();
        const holding = holds.with({ priority: -1 })();
        const queued = add.with({ priority: -2 })(1, 1);
        const states = await Promise.all([next.with({ priority: -3 })(queued), settled(failing)]);
        await holding;
        return [states[0], states[1].state];
      }),
    );
    const [retried = -1] = await inState(handle.id, 'fails', 'awaiting_retry');
    const [queued = -1] = await inState(handle.id, 'add', 'queued');
    handle.cancel('now', { task: retried });
    handle.cancel('now', { task: queued });
    await inState(handle.id, 'add', 'cancelled');
    await inState(handle.id, 'fails', 'cancelled');
    door.open();
    expect((await runs.ended(handle)).value).toEqual(['cancelled', 'cancelled']);
  });

  it('is named by the beginning of its key, also through the store', async () => {
    const handle = runs.start(
      flow({ name: 'by-key' }, async () => [
        (await settled(waits(1))).state,
        (await settled(waits(2))).state,
      ]),
    );
    const [first = -1] = await inState(handle.id, 'waits', 'running');
    const id = await handle.id;
    handle.cancel('here', { task: runs.record(id).node(first).key.slice(0, 12).toUpperCase() });
    await inState(handle.id, 'waits', 'cancelled');
    const [second = -1] = await inState(handle.id, 'waits', 'running');
    const { key, name } = runs.record(id).node(second);
    expect(requestCancel(runs.folder, id, { by: 'bob', task: key.slice(0, 12) })).toEqual({
      outcome: 'requested',
      run: id,
      target: { idx: second, key, name },
    });
    const { value, record } = await runs.ended(handle);
    expect(value).toEqual(['cancelled', 'cancelled']);
    expect(record.node(second).message).toBe('by bob');
  });

  it('is abandoned when it is asked again, and nothing else is', async () => {
    const never = task({ name: 'never' }, (_which: number) => new Promise<number>(() => undefined));
    const handle = runs.start(
      flow({ name: 'deaf' }, async () => {
        const states = [settled(never(1)), settled(never(2))];
        return (await Promise.race(states)).state;
      }),
      undefined,
      { cancelGraceMs: 600_000 },
    );
    const [first = -1, second = -1] = await inState(handle.id, 'never', 'running', 2);
    handle.cancel('once', { task: second });
    handle.cancel('once', { task: first });
    await inState(handle.id, 'never', 'cancelling', 2);
    handle.cancel('twice', { task: first });
    await inState(handle.id, 'never', 'cancelled');
    expect(runs.record(await handle.id).node(first)).toMatchObject({
      state: 'cancelled',
      reason: 'abandoned',
    });
    expect(runs.record(await handle.id).node(second).state).toBe('cancelling');
    handle.cancel('twice', { task: second });
    expect((await runs.ended(handle)).value).toBe('cancelled');
  });

  it('may be the flow itself: that is the whole run', async () => {
    const handle = runs.start(flow({ name: 'itself' }, async () => waits()));
    await inState(handle.id, 'waits', 'running');
    handle.cancel('all of it', { task: 0 });
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.node(0).message).toBe('all of it');
  });

  it('must be under way, and be one', async () => {
    const handle = runs.start(
      flow({ name: 'wrong' }, async () => {
        const one = await add(1, 1);
        await waits.map([1, 2]);
        return one;
      }),
    );
    expect(() => handle.cancel('early', { task: 1 })).toThrow(
      expect.objectContaining({ code: 'NODE_NOT_FOUND' }),
    );
    await inState(handle.id, 'waits', 'running', 3);
    const id = await handle.id;
    const { idx } = runs.record(id).node('add');
    const codeOf = (part: object): unknown => {
      try {
        handle.cancel('wrong', part);
        return 'cancelled';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(
      [{ task: idx }, { task: 999 }, { task: 'f0f0f0f0f0f0' }, { task: 'x' }, { tsk: 1 }].map(codeOf),
    ).toEqual(['NODE_ENDED', 'NODE_NOT_FOUND', 'NODE_NOT_FOUND', 'NODE_NOT_FOUND', 'INVALID_OPTION']);
    expect(() => requestCancel(runs.folder, id, { by: 'bob', task: idx })).toThrow(
      expect.objectContaining({ code: 'NODE_ENDED', message: expect.stringContaining('completed') }),
    );
    handle.cancel('enough');
    const { state } = await runs.ended(handle);
    expect(state).toBe('cancelled');
  });

  it('has a prefix of its key for itself', async () => {
    const handle = runs.start(
      flow({ name: 'many' }, async () => {
        await waits.map(Array.from({ length: 40 }, (_, n) => n));
      }),
    );
    const open = await inState(handle.id, 'waits', 'running', 41);
    const keys = runs.record(await handle.id).nodes.filter(({ idx }) => open.includes(idx));
    const shared = keys.map(({ key }) => key[0]).find((digit, at, all) => all.indexOf(digit) !== at);
    expect(() => handle.cancel('which?', { task: shared ?? '' })).toThrow(
      expect.objectContaining({ code: 'NODE_AMBIGUOUS' }),
    );
    handle.cancel('all');
    await handle.outcome;
  });
});
