import { expect, test } from 'vitest';
import { manyTasks } from './many-tasks.ts';
import { instantiations } from './type-budget.ts';

test('the count is read from the diagnostics of the compiler', () => {
  expect(instantiations('Symbols:        120\nInstantiations:  28144\nMemory used: 9K\n')).toBe(28144);
  expect(instantiations('Instantiations: 1,028,144\n')).toBe(1_028_144);
});

test('diagnostics without a count have none', () => {
  expect(instantiations('error TS5083: Cannot read file')).toBeUndefined();
});

test('a program of many tasks has as many as asked for, each defined and used', () => {
  const text = manyTasks(25, 'engine');
  expect(text.match(/^const task\d+ = task\(/gm)).toHaveLength(25);
  expect(text.match(/^export const value\d+ = /gm)).toHaveLength(25);
  expect(text).toContain("from 'engine'");
});
