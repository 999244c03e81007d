import { describe, expect, it } from 'vitest';
import { unitTable } from './calibration-table.ts';
import { amplitudesOf, mergeTables, tableChange } from './merge-tables.ts';

const table = (times: readonly number[], value: number) => {
  const made = unitTable('gain', {
    antennas: 2,
    feeds: ['X'],
    timeS: Float64Array.from(times),
    frequencyHz: Float64Array.of(1e9),
    referenceAntenna: 0,
  });
  made.value.fill(value);
  return made;
};

describe('tables', () => {
  it('merge in order of time, whatever order they come in', () => {
    const merged = mergeTables([table([30], 3), table([10, 20], 1)]);
    expect([...merged.timeS]).toEqual([10, 20, 30]);
    expect([...merged.value]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3]);
  });

  it('do not merge with others', () => {
    const refused = expect.objectContaining({ code: 'BAD_PARAMETER' });
    expect(() => mergeTables([])).toThrow(refused);
    expect(() => mergeTables([table([1], 1), { ...table([2], 1), antennas: 3 }])).toThrow(refused);
  });

  it('give their amplitudes', () => {
    const made = table([1], 3);
    made.value.set([3, 4]);
    expect([...amplitudesOf(made).value]).toEqual([5, 0, Math.hypot(3, 3), 0]);
  });

  it('are compared where neither is flagged', () => {
    const a = table([1], 1);
    const b = table([1], 1);
    b.value[0] = 2;
    expect(tableChange(a, b)).toBeCloseTo(Math.sqrt(1 / 4));
    b.flag[0] = 1;
    expect(tableChange(a, b)).toBe(0);
    b.flag[1] = 1;
    expect(tableChange(a, b)).toBe(Infinity);
    expect(tableChange(a, table([1, 2], 1))).toBe(Infinity);
  });
});
