import { describe, expect, it } from 'vitest';
import * as calls from '../../../test-fixtures/runners/calls.ts';
import { add, echo } from '../../../test-fixtures/runners/contract-tasks.ts';
import { threadsHost } from '../testing/threads-host.ts';

describe('calls that a task in a thread makes', () => {
  it('map over lists, sets, promises, async iterables and other maps', async () => {
    await using slots = threadsHost({ size: 2 });
    expect(await slots.value(calls.maps)).toEqual([
      [1, 4, 9],
      [1, 4, 9],
      [1, 5, 11],
      ['a', 'b'],
      [7, 8],
      [8, 9],
      [5, 6],
    ]);
    const sent = slots.calls.filter(({ verb }) => verb === 'map').map(({ args }) => args);
    expect(sent).toContainEqual([[[1], [4], [9]], { failFast: false }]);
    expect(sent).toContainEqual([{ '@sidereal/call': 0 }, { failFast: false }]);
    expect(sent).toContainEqual([[['a'], ['b']], { failFast: true }]);
    expect(sent).toContainEqual([[[7], [8]], { failFast: false, keys: ['item 7', 'item 8'] }]);
    const [, , thirdItem] = [0, 1, 2].map((item) => [{ '@sidereal/call': 1, item }, item]);
    expect(sent.flat(2)).toContainEqual(thirdItem);
  });

  it('refuse to map over what is no list', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(calls.mapsNothing)).toMatchObject({
      code: 'INVALID_ITEMS',
      message: expect.stringContaining('12'),
    });
  });

  it('reduce lists and the futures of lists', async () => {
    await using slots = threadsHost({ size: 1 });
    await slots.value(calls.reduces);
    expect(slots.calls.filter(({ verb }) => verb === 'reduce').map(({ args }) => args)).toEqual([
      [[{ '@sidereal/call': 1 }, 4], { arity: 2 }],
      [{ '@sidereal/call': 0 }, { arity: 3, initial: { value: 0 } }],
      [['a', 'b'], { arity: 2 }],
    ]);
  });

  it('call stages, with options, input and line', async () => {
    await using slots = threadsHost({ size: 1 });
    const { outcome } = slots.submit(calls.callsStage);
    await outcome;
    expect(slots.calls).toEqual([
      {
        call: 0,
        verb: 'stage',
        module: calls.callsStage.module,
        name: 'imaging',
        overrides: { priority: 5 },
        args: [{ target: 'J1851' }],
        after: [],
        at: 'user.ts:9:1',
      },
    ]);
  });

  it('settle whatever happens', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.settles)).toMatchObject([
      { state: 'completed', value: 3 },
      { state: 'failed', error: { name: 'CalibrationError', code: 'NO_SOLUTION' } },
      { state: 'completed', value: 'late' },
      { state: 'failed', error: { name: 'RangeError', message: 'no' } },
      { state: 'failed', error: { name: 'RangeError', message: 'local' } },
    ]);
  });

  it('take futures and promises nested in arguments, and come after others', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.nests)).toEqual([[{ list: [1, 'literal'], date: new Date(0) }], 1]);
    expect(slots.calls.map(({ call, args, after }) => ({ call, args, after }))).toEqual([
      { call: 0, args: [1, 0], after: [] },
      { call: 1, args: [{ list: [{ '@sidereal/call': 0 }, 'literal'], date: new Date(0) }], after: [] },
      { call: 2, args: [[{ '@sidereal/call': 1 }]], after: [0] },
    ]);
  });

  it('are made before the task ends, though they wait for a promise', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.leavesLate)).toBe('returned');
    expect(slots.calls).toMatchObject([{ args: ['sent all the same'] }]);
  });

  it('fail the task if they cannot be made and nobody awaits them', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(calls.leavesBroken)).toMatchObject({
      name: 'RangeError',
      message: 'no argument',
    });
  });

  it('are refused after the task has ended', async () => {
    await using slots = threadsHost({ size: 1 });
    await slots.value(calls.keeps);
    expect(await slots.error(calls.callsKept)).toMatchObject({
      code: 'LOST_CONTEXT',
      message: expect.stringMatching(/'keeps' calls 'echo' after its run has ended/),
    });
  });

  it.each([
    [calls.callsWithFunction, "options.retries.retryIf of 'echo' is the function 'retryIf'", 'user.ts:7:3'],
    [calls.passesFunction, "args[0].apply of 'echo' is the function 'apply'", 'user.ts:7:3'],
    [
      calls.saysFunction,
      "fields.apply of a log is the function 'apply'",
      expect.stringContaining('calls.ts:'),
    ],
  ])('carry plain data only: %#', async (task, message, at) => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(task)).toMatchObject({
      code: 'UNCLONEABLE_ARGUMENT',
      at,
      message: expect.stringContaining(message),
    });
  });

  it('open no loop and no group', async () => {
    await using slots = threadsHost({ size: 1 });
    for (const task of [calls.opensLoop, calls.opensGroup]) {
      expect(await slots.error(task)).toMatchObject({
        code: 'NOT_ON_THREADS',
        at: expect.stringContaining('calls.ts:'),
      });
    }
  });

  it('need not be awaited to be returned, but cannot hide in a result', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.returnsCall)).toBe(3);
    expect(await slots.error(calls.returnsFuture)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      message: expect.stringContaining('result.sum of'),
    });
  });

  it('may be waited for two at a time', async () => {
    await using slots = threadsHost({ size: 1 });
    expect([3, 7]).toContain(await slots.value(calls.races));
    expect(await slots.value(add, 1, 1)).toBe(2);
  });

  it('bring back an error when the value cannot come to the thread', async () => {
    await using slots = threadsHost({ size: 1 });
    slots.awaited = async () => ({ apply: () => 1 });
    expect(await slots.error(calls.returnsCall)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      message: expect.stringContaining("(its .apply) is the function 'apply'"),
    });
  });
});

describe('what a task reads from the outside world', () => {
  it('is read in its thread', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.reads)).toBe(42);
    expect(await slots.value(echo, 1)).toBe(1);
  });
});
