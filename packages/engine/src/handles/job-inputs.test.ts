import { describe, expect, it } from 'vitest';
import { everyInput, ownInputs, plainInputs, readInputs } from './job-inputs.ts';
import { givenInputs } from './testing/given-inputs.ts';
import { inMemory, readHandle } from './value-handle.ts';

const future = Promise.resolve('not read');

describe('the inputs of a job', () => {
  it('are what was given, for whoever copies them', () => {
    const args = [{ a: 1 }, [2]];
    expect(readInputs(plainInputs(args))).toBe(args);
    const value = { list: [1, 2] };
    expect(readInputs(givenInputs([future], new Map([[future, value]])))[0]).toBe(value);
  });

  it('are copies, for code that may change them', () => {
    const whole = { list: [1, 2] };
    const value = [5];
    const read = ownInputs(givenInputs([whole, future], new Map([[future, value]])));
    expect(read).toEqual([{ list: [1, 2] }, [5]]);
    expect(read[0]).not.toBe(whole);
    expect(read[1]).not.toBe(value);
  });

  it('are the values themselves where nobody else will ask for them', () => {
    const value = [5];
    const inputs = {
      ...givenInputs([future], new Map()),
      handles: new Map([[future, inMemory(value, true)]]),
    };
    expect(ownInputs(inputs)[0]).toBe(value);
  });

  it('leave futures that are not theirs', () => {
    const other = Promise.resolve();
    const inputs = givenInputs([[future, other]], new Map([[future, 1]]));
    expect(readInputs(inputs)).toEqual([[1, other]]);
  });

  it('leave out those whose runs were skipped', () => {
    const inputs = { ...givenInputs([future, 2], new Map()), leftOut: new Set([future]) };
    expect(readInputs(inputs)).toEqual([2]);
    expect(ownInputs(inputs)).toEqual([2]);
  });

  it('are tested by their values', () => {
    const inputs = givenInputs([future, 2], new Map([[future, 1]]));
    expect(everyInput(inputs, (arg) => typeof arg === 'number')).toBe(true);
    expect(everyInput(plainInputs([{}]), (arg) => typeof arg === 'number')).toBe(false);
  });
});

describe('a handle', () => {
  it('tells where a value lies and how large it is, and gives it', () => {
    const value = new Float64Array(4);
    const handle = inMemory(value, false, 32);
    expect(handle).toMatchObject({ place: 'memory', bytes: 32, isSole: false });
    expect(readHandle(handle)).toBe(value);
  });
});
