import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writableFields, writersOf } from './field-owners.ts';
import { sourceFiles } from './source-files.ts';

const root = join(import.meta.dirname, '..', '..');
const run = 'packages/engine/src/run';
const path = `${run}/nodes/run-node.ts`;

/** Which room of a run writes which field of its nodes, as the class says too. */
const OWNERS = {
  id: 'nodes',
  token: 'attempts',
  failures: 'attempts',
  crashes: 'attempts',
  error: 'attempts',
  goesOn: 'futures',
  completion: 'attempts',
  value: 'values',
  waiters: 'nodes',
  future: 'futures',
};

test('every field of a node of a run that changes is written by one room', () => {
  const fields = writableFields({ path, text: readFileSync(join(root, path), 'utf8') });
  expect(fields.toSorted()).toEqual(Object.keys(OWNERS).toSorted());
  const owners = Object.fromEntries(Object.entries(OWNERS).map(([field, owner]) => [field, [owner]]));
  expect(Object.fromEntries(writersOf(sourceFiles(root, run), run, fields))).toEqual(owners);
});

test('a write is seen in all its forms, and of nothing but the fields asked for', () => {
  const text = `class Node { readonly a = 1; b = 2; #c = 3; d; }
    node.b = 1; node.b += 1; node.b++; (node.d ??= []).push(1); this.b = 2; node['b'] = 3; node.e = 4;`;
  const file = { path: 'room/one/file.ts', text };
  const fields = writableFields(file);
  expect(fields.toSorted()).toEqual(['b', 'd']);
  expect([...writersOf([file], 'room', fields)]).toEqual([
    ['b', ['one']],
    ['d', ['one']],
  ]);
  expect([...writersOf([{ ...file, text: 'this.b = node.b;' }], 'room', ['b'])]).toEqual([['b', []]]);
});
