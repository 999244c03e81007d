import { expect, test } from 'vitest';
import { closest } from './closest.ts';

const known = ['run', 'runs', 'resume', 'retry', 'cancel', 'doctor'];

test.each([
  ['runn', 'run'],
  ['canecl', 'cancel'],
  ['Cancel', 'cancel'],
  ['docter', 'doctor'],
  ['resmue', 'resume'],
  ['x', undefined],
  ['deploy', undefined],
])('%s was probably %s', (word, meant) => {
  expect(closest(word, known)).toBe(meant);
});
