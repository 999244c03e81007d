import { expect, it } from 'vitest';
import { areaOf, Beam } from '../../../test-fixtures/runners/beams.ts';
import { moduleUrlOf } from '../../identity/module-url.ts';
import { functionsBeside, scriptOf } from './function-origin.ts';

it('a function tells the script that it stands in, also if it is a class or a method', () => {
  for (const fn of [Beam as never, Object.getOwnPropertyDescriptor(Beam.prototype, 'area')!.get!])
    expect(moduleUrlOf(scriptOf(fn) ?? '')).toBe(areaOf.module);
  expect(scriptOf(Math.max)).toBeUndefined();
});

it('classes are found from a function that stands beside them, and nothing is left behind', () => {
  const before = Object.getOwnPropertySymbols(globalThis);
  class Near {
    readonly x = 1;
  }
  const local = (): unknown => Near;
  expect(functionsBeside(local)).toContain(Near);
  expect(functionsBeside(Math.max)).toEqual([]);
  expect(Object.getOwnPropertySymbols(globalThis)).toEqual(before);
});
