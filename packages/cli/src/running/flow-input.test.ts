import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flow, future } from '@sidereal/engine';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inputOrDefault, parseFields, readInput } from './flow-input.ts';

test('values are JSON if they are JSON, text otherwise', () => {
  expect(
    parseFields([
      'target=J1851+0035',
      'channels=64',
      'flag=true',
      'list=[1,"a"]',
      'nothing=null',
      'quoted="64"',
      'empty=',
      'formula=a=b',
      'broken={oops',
    ]),
  ).toEqual({
    target: 'J1851+0035',
    channels: 64,
    flag: true,
    list: [1, 'a'],
    nothing: null,
    quoted: '64',
    empty: '',
    formula: 'a=b',
    broken: '{oops',
  });
});

test('a field called __proto__ is a field', () => {
  expect(Object.entries(parseFields(['__proto__=1']))).toEqual([['__proto__', 1]]);
});

test.each([
  [['nokey'], "'nokey' is not of the form key=value"],
  [['=1'], "'=1' is not of the form key=value"],
  [['a=1', 'a=2'], "the field 'a' is given twice"],
])('%j is wrong usage', (fields, message) => {
  expect(() => parseFields(fields)).toThrow(expect.objectContaining({ code: 'USAGE', message }));
});

test('input comes from JSON, a file or fields, and fields override', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-input-'));
  try {
    writeFileSync(join(folder, 'input.json'), '{"a": 1, "b": 2}');
    const none = { json: undefined, file: undefined, fields: [] };
    expect(readInput(none, folder)).toBeUndefined();
    expect(readInput({ ...none, json: '"text"' }, folder)).toBe('text');
    expect(readInput({ ...none, file: 'input.json', fields: ['b=3'] }, folder)).toEqual({ a: 1, b: 3 });
    expect(() => readInput({ ...none, file: 'none.json' }, folder)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('none.json cannot be read'),
      }),
    );
    expect(() => readInput({ ...none, json: '{' }, folder)).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('--input is not JSON'),
      }),
    );
    expect(() => readInput({ ...none, json: '[1]', fields: ['a=1'] }, folder)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
    expect(() => readInput({ json: '1', file: 'input.json', fields: [] }, folder)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a flow that is given nothing gets nothing if it accepts that, else an empty object', async () => {
  const without = flow({ name: 'without' }, async () => 1);
  const optional = flow({ name: 'optional', input: z.number().optional() }, async () => 1);
  const object = flow({ name: 'object', input: z.object({ n: z.int().default(1) }) }, async () => 1);
  const fields = flow({ name: 'fields', input: { n: z.int(), vis: future<number>() } }, async () => 1);
  expect(await inputOrDefault(without.definition, undefined)).toBeUndefined();
  expect(await inputOrDefault(optional.definition, undefined)).toBeUndefined();
  expect(await inputOrDefault(object.definition, undefined)).toEqual({});
  expect(await inputOrDefault(fields.definition, undefined)).toEqual({});
  expect(await inputOrDefault(object.definition, { n: 2 })).toEqual({ n: 2 });
  await expect(inputOrDefault(without.definition, { n: 2 })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: `flow 'without' takes no input, but was given {"n":2}`,
  });
});
