import { expect, test } from 'vitest';
import { instantiations } from './type-budget.ts';

test('the count is read from the diagnostics of the compiler', () => {
  expect(instantiations('Symbols:        120\nInstantiations:  28144\nMemory used: 9K\n')).toBe(28144);
  expect(instantiations('Instantiations: 1,028,144\n')).toBe(1_028_144);
});

test('diagnostics without a count have none', () => {
  expect(instantiations('error TS5083: Cannot read file')).toBeUndefined();
});
