import { describe, expect, it } from 'vitest';
import * as calls from '../../../test-fixtures/runners/calls.ts';
import { add, echo } from '../../../test-fixtures/runners/contract-tasks.ts';
import type { SlotHost } from '../testing/slot-host.ts';
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
    const sources = slots.requests.flatMap(({ operation }) =>
      operation.kind === 'map' ? [operation.source] : [],
    );
    expect(sources).toContainEqual({
      items: [[1], [4], [9]],
      areTuples: true,
      isPulled: false,
      failFast: false,
    });
    expect(sources).toContainEqual({
      items: { '@sidereal/call': 0 },
      areTuples: false,
      isPulled: false,
      failFast: false,
    });
    expect(sources).toContainEqual({ items: ['a', 'b'], areTuples: false, isPulled: true, failFast: true });
    expect(sources).toContainEqual({
      items: [7, 8],
      areTuples: false,
      isPulled: true,
      failFast: false,
      keys: ['item 7', 'item 8'],
    });
    const tuples = [0, 1, 2].map((item) => [{ '@sidereal/call': 1, item }, item]);
    expect(sources).toContainEqual({ items: tuples, areTuples: true, isPulled: false, failFast: false });
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
    const sources = slots.requests.flatMap(({ operation }) =>
      operation.kind === 'reduce' ? [operation.source] : [],
    );
    expect(sources).toEqual([
      { items: [{ '@sidereal/call': 1 }, 4], isPulled: false, arity: 2, initial: undefined },
      { items: { '@sidereal/call': 0 }, isPulled: false, arity: 3, initial: { value: 0 } },
      { items: ['a', 'b'], isPulled: true, arity: 2, initial: undefined },
    ]);
  });

  it('call stages, with options, input and line', async () => {
    await using slots = threadsHost({ size: 1 });
    const { outcome } = slots.submit(calls.callsStage);
    await outcome;
    expect(slots.requests).toEqual([
      {
        number: 0,
        under: undefined,
        operation: {
          kind: 'stage',
          flow: { module: calls.callsStage.module, name: 'imaging' },
          input: { target: 'J1851' },
          site: { overrides: { priority: 5 }, after: [], at: 'user.ts:9:1' },
        },
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
    expect(callsOf(slots)).toEqual([
      { number: 0, args: [1, 0], after: [] },
      { number: 1, args: [{ list: [{ '@sidereal/call': 0 }, 'literal'], date: new Date(0) }], after: [] },
      { number: 2, args: [[{ '@sidereal/call': 1 }]], after: [{ '@sidereal/call': 0 }] },
    ]);
  });

  it('are made before the task ends, though they wait for a promise', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.leavesLate)).toBe('returned');
    expect(callsOf(slots)).toMatchObject([{ args: ['sent all the same'] }]);
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

  it('may stand in a group that nobody awaits: its code comes to its end', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.leavesGroup)).toBe('returned');
    expect(slots.requests.map(({ number, under, operation }) => [number, under, operation.kind])).toEqual([
      [0, undefined, 'container'],
      [1, 0, 'call'],
    ]);
  });

  it('are errors where a group gives what cannot leave the thread', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(calls.groupGivesFunction)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      message: expect.stringContaining("result.apply of 'g' is the function 'apply'"),
    });
  });

  it('need not be awaited to be returned, in one slot: alone, in a structure, in what a promise comes to', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.returnsCall)).toBe(3);
    expect(await slots.value(calls.returnsFutures)).toEqual({
      sum: 3,
      list: [[1, 2]],
      byName: new Map([['one', 1]]),
      set: new Set([2]),
      promise: { inside: 4 },
    });
    expect(await slots.value(calls.groupGivesFuture)).toEqual([3]);
  });

  it('fail the task that returns them, if they fail', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(calls.returnsRejections)).toMatchObject({ message: 'no solution, later' });
    expect(await slots.value(add, 1, 1)).toBe(2);
  });

  it('cannot hide in a result, nor in an argument', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(calls.hidesFuture)).toMatchObject({
      code: 'FUTURE_HIDDEN',
      at: calls.hidesFuture.at,
      message: expect.stringContaining('result.list[0].held'),
    });
    expect(await slots.error(calls.passesHidden)).toMatchObject({
      code: 'FUTURE_HIDDEN',
      message: expect.stringContaining('args[0].held'),
    });
  });

  it('are found in Maps, in Sets, and in what a promise among the arguments comes to', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.passesFutures)).toEqual(new Map([['sum', 3]]));
    expect(await slots.value(calls.passesPromised)).toEqual([new Set([3]), { n: 3 }]);
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
      message: expect.stringContaining("value.apply is the function 'apply'"),
    });
  });
});

/** Task calls as they came. */
function callsOf(slots: SlotHost): { number: number; args: unknown; after: unknown }[] {
  return slots.requests.flatMap(({ number, operation }) =>
    operation.kind === 'call' ? [{ number, args: operation.args, after: operation.site.after }] : [],
  );
}

describe('what a task reads from the outside world', () => {
  it('is read in its thread', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(calls.reads)).toBe(42);
    expect(await slots.value(echo, 1)).toBe(1);
  });
});
