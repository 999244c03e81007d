import { describe, expect, it } from 'vitest';
import { echo, failLater } from '../../../test-fixtures/runners/contract-tasks.ts';
import * as memory from '../../../test-fixtures/runners/memory.ts';
import { SiderealError } from '@sidereal/core';
import { valueOf } from '../testing/slot-host.ts';
import { threadsHost } from '../testing/threads-host.ts';

describe('results', () => {
  it('are given away: large memory that they cover whole is handed over, nested as it may be', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(memory.makeArray, 50_000)).toEqual({
      nested: [new Float64Array(50_000).fill(1)],
    });
    expect(await slots.value(memory.keptLength)).toBe(0);
    const value = await slots.value(memory.twice);
    const { a, b, bytes } = value as Readonly<Record<'a' | 'b' | 'bytes', Float64Array>>;
    expect(a).toBe(b);
    expect(bytes.buffer).toBe(a.buffer);
  });

  it('are copied when small, or a part of something', async () => {
    await using slots = threadsHost({ size: 1 });
    await slots.value(memory.makeArray, 10);
    expect(await slots.value(memory.keptLength)).toBe(10);
    expect(await slots.value(memory.makePart, 50_000)).toHaveLength(49_999);
    expect(await slots.value(memory.keptLength)).toBe(50_000);
    for (let time = 0; time < 2; time++) {
      expect(await slots.value(memory.returnTable)).toEqual(new Float64Array(16).fill(2));
    }
    expect(await slots.value(memory.wasm)).toHaveProperty('byteLength', 131_072);
  });

  it('cannot be given away twice: that is an error, not an empty array', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(memory.returnBigTable)).toHaveLength(100_000);
    expect(await slots.error(memory.returnBigTable)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      at: memory.returnBigTable.at,
      message: expect.stringContaining('given away'),
    });
  });

  it('share shared memory', async () => {
    await using slots = threadsHost({ size: 1 });
    const shared = await slots.value(memory.sharedSquare, 4);
    expect(shared).toEqual(new Float64Array([4, 4, 4, 4]));
    await slots.value(memory.scale, shared, 10);
    expect(shared).toEqual(new Float64Array([40, 40, 40, 40]));
  });

  it.each([
    [memory.closure, "result.filters[0].apply of task 'closure' is the function 'apply'"],
    [memory.weakMap, "result of task 'weak-map' is an instance of WeakMap, whose state cannot be seen"],
    [memory.symbol, "result of task 'symbol' is the symbol Symbol(unit)"],
    [memory.beam, "result of task 'beam' is an instance of Beam, whose state cannot be seen"],
    [
      memory.unexported,
      "result[0] of task 'unexported' is an instance of Local, a class that no module exports",
    ],
  ])('that cannot leave the thread are an error that says what and where: $name', async (task, message) => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(task)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      at: task.at,
      message: expect.stringContaining(message),
    });
    expect(await slots.value(echo, 'and on it goes')).toBe('and on it goes');
  });
});

describe('arguments', () => {
  it('are copied, but for shared memory', async () => {
    await using slots = threadsHost({ size: 1 });
    const own = new Float64Array([1, 2]);
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    await slots.value(memory.scale, own, 3);
    await slots.value(memory.scale, shared, 3);
    expect([own, shared]).toEqual([new Float64Array([1, 2]), new Float64Array([3, 6])]);
  });

  it('are handed over where the owner says so', async () => {
    await using slots = threadsHost({ size: 1 });
    const array = new Float64Array([1, 2, 3]);
    const outcome = await slots.run(memory.scale, [array, 2], { transfer: [array.buffer, array.buffer] });
    expect(valueOf(outcome)).toBe(3);
    expect(array).toHaveLength(0);
  });

  it('are copied after all if the memory cannot be handed over', async () => {
    await using slots = threadsHost({ size: 1 });
    const buffer = memory.fixedMemory(1);
    const array = new Float64Array(buffer);
    expect(valueOf(await slots.run(memory.scale, [array, 2], { transfer: [buffer] }))).toBe(8192);
    expect(array).toHaveLength(8192);
  });

  it('of jobs started together are each their own', async () => {
    await using slots = threadsHost({ size: 1 });
    const one = [1];
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => slots.run(echo, [one])));
    const values = outcomes.map(valueOf);
    expect(new Set(values).size).toBe(60);
    expect(values.every((value) => Array.isArray(value) && value[0] === 1)).toBe(true);
  });

  it.each([
    [[1, { filters: [{ apply: () => 1 }] }], 'args[1].filters[0].apply', "the function 'apply'"],
    [[new WeakSet()], 'args[0]', 'an instance of WeakSet'],
    [[new Map([['k', [Symbol('s')]]])], 'args[0].get("k")[0]', 'the symbol Symbol(s)'],
    [[Promise.resolve(1)], 'args', 'or holds a promise (await it first)'],
    [[memory.Beam], 'args[0]', "the class 'Beam'"],
    [[1, { beam: new memory.Beam() }], 'args[1].beam', 'an instance of Beam, whose state cannot be seen'],
  ])('that cannot go there are an error that says which: %#', async (args, which, what) => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(echo, ...args)).toMatchObject({
      code: 'UNCLONEABLE_ARGUMENT',
      at: echo.at,
      message: expect.stringMatching(new RegExp(`^${escape(which)} of task 'echo' is ${escape(what)},`)),
    });
    expect(await slots.value(echo, 1)).toBe(1);
  });
});

describe('errors as values', () => {
  it('arrive whole in arguments and results', async () => {
    await using slots = threadsHost({ size: 1 });
    const error = new SiderealError('NO_DATA', 'the file is empty', {
      remedy: 'Look at it.',
      at: 'a.ts:1:1',
    });
    const value = await slots.value(memory.outcomes, [{ state: 'failed', error }]);
    expect(value).toMatchObject({
      isError: true,
      seen: { name: 'SiderealError', message: 'the file is empty', code: 'NO_DATA', at: 'a.ts:1:1' },
      again: { state: 'failed', error: { name: 'RangeError', message: 'made here', code: 'OUT' } },
    });
    expect(value).toHaveProperty('again.error', expect.any(RangeError));
  });

  it('show the line in the task where they were thrown', async () => {
    await using slots = threadsHost({ size: 1 });
    const error = await slots.error(failLater);
    expect(error).toHaveProperty(
      'stack',
      expect.stringMatching(/no solution, later\n\s+at .*contract-tasks\.ts:\d+/),
    );
  });
});

function escape(text: string): string {
  return text.replaceAll(/[.()[\]]/g, '\\$&');
}
