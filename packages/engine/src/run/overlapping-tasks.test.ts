import { describe, expect, it } from 'vitest';
import * as tasks from '../../test-fixtures/engine/overlapping-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe("a flow's concurrency beyond what its runner holds", () => {
  it.each<[string, RunnerChoice]>([
    ['two threads', threads(2)],
    ['one thread', threads(1)],
    ['the thread of the flow', inline()],
  ])('is for asynchronous tasks: all of them are under way at once, on %s', async (_, runner) => {
    const of = tasks.board();
    const many = flow({ name: 'many', runner, concurrency: 80 }, async () =>
      tasks.meets.map(range(80), () => [of, 80]),
    );
    expect(await runs.value(many)).toEqual(range(80).map(() => 1));
    expect(tasks.mostAtOnce(of)).toBe(80);
  });

  it('holds for tasks that are seen to be asynchronous only as they run', async () => {
    const of = tasks.board();
    const many = flow({ name: 'unseen', runner: threads(2), concurrency: 20 }, async () =>
      tasks.meetsUnseen.map(range(20), () => [of, 20]),
    );
    await runs.value(many);
    expect(tasks.mostAtOnce(of)).toBe(20);
  });

  it('is kept, in a flow and in its stages', async () => {
    const [inFlow, inStage] = [tasks.board(), tasks.board()];
    const stage = flow({ name: 'stage', concurrency: 4 }, async () =>
      tasks.turns.map(range(30), () => [inStage]),
    );
    const whole = flow({ name: 'whole', runner: threads(2), concurrency: 7 }, async () => {
      const own = tasks.turns.map(range(30), () => [inFlow]);
      await stage();
      await own;
    });
    await runs.value(whole);
    expect(tasks.mostAtOnce(inFlow)).toBeLessThanOrEqual(7);
    expect(tasks.mostAtOnce(inStage)).toBeLessThanOrEqual(4);
  });

  it('is not for tasks that compute: those are as many as there are threads', async () => {
    const of = tasks.board();
    const many = flow({ name: 'computing', runner: threads(2), concurrency: 20 }, async () =>
      tasks.computes.map(range(30), () => [of]),
    );
    await runs.value(many);
    expect(tasks.mostAtOnce(of)).toBeLessThanOrEqual(2);
  });

  it('is what the runner holds where a flow says nothing', async () => {
    const of = tasks.board();
    const many = flow({ name: 'plain', runner: threads(2) }, async () =>
      tasks.turns.map(range(40), () => [of]),
    );
    await runs.value(many);
    expect(tasks.mostAtOnce(of)).toBeLessThanOrEqual(2);
  });

  it('leaves synchronous tasks their thread, though asynchronous ones wait', async () => {
    const of = tasks.board();
    const mixed = flow({ name: 'mixed', runner: threads(1), concurrency: 20 }, async () => {
      const waiting = tasks.waitsForGate.map(range(19), () => [of]);
      await tasks.opensGate(of, 19);
      return waiting;
    });
    expect(await runs.value(mixed)).toEqual(range(19).map(() => 1));
  });
});

describe('tasks that share a thread', () => {
  it('begin again when it must be ended because of one of them, and are charged nothing', async () => {
    const of = tasks.board();
    const shares = flow({ name: 'shares', runner: threads(1), concurrency: 20 }, async () => {
      const neighbours = [tasks.waitsForGate(of), tasks.callsAndWaits(of)];
      const end = await settled(tasks.runsAway(of, 2));
      Atomics.store(of, tasks.OPEN, 1);
      return [end.error?.message, await neighbours[0], await neighbours[1]];
    });
    const { value, record } = await runs.run(shares);
    expect(value).toEqual([expect.stringContaining('300'), 2, 2]);
    expect(record.states('runs-away')).toEqual(['failed']);
    for (const name of ['waits-for-gate', 'calls-and-waits']) {
      expect(record.node(name)).toMatchObject({ state: 'completed' });
      expect(record.entries(name, 'error')).toEqual([]);
      expect(record.entries(name, 'note').filter(({ code }) => code === 'began_again')).toEqual([
        { code: 'began_again', message: expect.stringMatching(/'runs-away'.*did not stop/) },
      ]);
      expect(record.story(name).transitions).toContainEqual(
        expect.objectContaining({ state: 'awaiting_retry', reason: 'displaced' }),
      );
    }
    // What the task had called before is kept.
    expect(record.named('deep')).toHaveLength(1);
  });

  it('need no threads of their own to wait for what they call', async () => {
    const calls = flow({ name: 'deep-calls', runner: threads(1) }, async () => tasks.deep(50));
    expect(await runs.value(calls)).toBe(50);
  });
});
