import { describe, expect, it } from 'vitest';
import { everyInput, plainInputs, readInputs } from './job-inputs.ts';
import { inMemory, readHandle } from './value-handle.ts';

const future = Promise.resolve('not read');

describe('the inputs of a job', () => {
  it('are the author’s own objects where no value of another run stands', () => {
    const args = [{ a: 1 }, [2]];
    expect(readInputs(plainInputs(args))).toBe(args);
    const whole = { list: [1, 2] };
    const read = readInputs({ template: [whole, future], handles: new Map([[future, inMemory(5)]]) });
    expect(read[0]).toBe(whole);
    expect(read[1]).toBe(5);
  });

  it('leave futures that are not theirs', () => {
    const other = Promise.resolve();
    expect(readInputs({ template: [[future, other]], handles: new Map([[future, inMemory(1)]]) })).toEqual([
      [1, other],
    ]);
  });

  it('are tested by their values', () => {
    const inputs = { template: [future, 2], handles: new Map([[future, inMemory(1)]]) };
    expect(everyInput(inputs, (arg) => typeof arg === 'number')).toBe(true);
    expect(everyInput(plainInputs([{}]), (arg) => typeof arg === 'number')).toBe(false);
  });
});

describe('a handle', () => {
  it('tells where a value lies and how large it is, and gives it', () => {
    const value = new Float64Array(4);
    const handle = inMemory(value, 32);
    expect(handle).toMatchObject({ place: 'memory', bytes: 32 });
    expect(readHandle(handle)).toBe(value);
  });
});
