import { SiderealError } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { packErrors, unpackErrors } from './packed-errors.ts';

function travel(value: unknown): unknown {
  return unpackErrors(structuredClone(packErrors(value)));
}

const error = new SiderealError('NO_DATA', 'empty', { remedy: 'Look.' });

describe('errors inside values', () => {
  it('arrive whole, wherever they stand, and the rest unchanged', () => {
    const value = {
      list: [1, error],
      map: new Map<unknown, unknown>([['k', error]]),
      set: new Set([error]),
      array: new Float64Array([1]),
      when: new Date(0),
      none: undefined,
    };
    const arrived = travel(value);
    expect(arrived).toEqual(value);
    for (const path of ['list[1]', 'list[1].remedy']) expect(arrived).toHaveProperty(path);
    expect(arrived).toHaveProperty('list[1]', expect.any(SiderealError));
    expect(value.list[1]).toBe(error);
  });

  it('may be the value itself', () => {
    expect(travel(error)).toMatchObject({ code: 'NO_DATA' });
  });

  it('may stand in what refers to itself', () => {
    const value: Record<string, unknown> = { error };
    value['self'] = value;
    value['list'] = [value];
    const arrived = travel(value);
    expect(arrived).toHaveProperty('self.self.error.code', 'NO_DATA');
    expect(arrived).toHaveProperty('list[0].error.code', 'NO_DATA');
  });
});
