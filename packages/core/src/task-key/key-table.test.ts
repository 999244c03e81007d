import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyTable } from './key-table.ts';
import { KEY_BYTES, keyBytes, keyText } from './task-key.ts';

/** Keys that collide in the table: same first word, or same bucket, or differing in one late byte. */
const adversarial = fc
  .tuple(fc.constantFrom(0, 1, 0xff, 0x10), fc.nat(3), fc.nat(3), fc.constantFrom(4, 9, 15))
  .map(([first, second, late, at]) => {
    const key = new Uint8Array(KEY_BYTES);
    key[0] = first;
    key[1] = second;
    key[at] = late;
    return key;
  });
const anyKey = fc.oneof(
  { weight: 3, arbitrary: adversarial },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: KEY_BYTES, maxLength: KEY_BYTES }) },
);

type Step =
  | { readonly op: 'set'; readonly key: Uint8Array; readonly value: number }
  | { readonly op: 'count'; readonly key: Uint8Array }
  | { readonly op: 'get'; readonly key: Uint8Array };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constant('set'), key: anyKey, value: fc.nat(0x7fff_fff0) }),
  fc.record({ op: fc.constant('count'), key: anyKey }),
  fc.record({ op: fc.constant('get'), key: anyKey }),
);

/** What a step gives, from the table or from a Map that stands for it. */
function perform(table: KeyTable, { op, key, ...rest }: Step, offset: number): number | undefined {
  const at = new Uint8Array(offset + KEY_BYTES + 1).fill(0xaa);
  at.set(key, offset);
  if (op === 'get') return table.get(at, offset);
  if (op === 'count') return table.count(at, offset);
  if ('value' in rest) table.set(at, rest.value, offset);
  return undefined;
}

function expected(model: Map<string, number>, step: Step): number | undefined {
  const key = keyText(step.key);
  if (step.op === 'get') return model.get(key);
  if (step.op === 'set') {
    model.set(key, step.value);
    return undefined;
  }
  const before = model.get(key) ?? 0;
  model.set(key, before + 1);
  return before;
}

describe('KeyTable', () => {
  test('does what a Map does, however the keys collide and wherever they lie', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), fc.nat(40), (steps, offset) => {
        const table = new KeyTable();
        const model = new Map<string, number>();
        for (const step of steps) expect(perform(table, step, offset)).toBe(expected(model, step));
        expect(table.size).toBe(model.size);
        const kept = [...model].map(([key]) => [key, table.get(keyBytes(key))]);
        expect(kept).toEqual([...model]);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps every one of many keys that share their first word', () => {
    const table = new KeyTable();
    const key = new Uint8Array(KEY_BYTES).fill(7);
    const words = new DataView(key.buffer);
    for (let i = 0; i < 2000; i += 1) {
      words.setUint32(12, i);
      table.set(key, i);
    }
    const found = Array.from({ length: 2000 }, (_, i) => {
      words.setUint32(12, i);
      return table.get(key);
    });
    expect(found).toEqual(Array.from({ length: 2000 }, (_, i) => i));
    words.setUint32(12, 2000);
    expect(table.get(key)).toBeUndefined();
    expect(table.size).toBe(2000);
  });

  test('an entry of value 0 is an entry', () => {
    const table = new KeyTable();
    const key = new Uint8Array(KEY_BYTES);
    expect(table.get(key)).toBeUndefined();
    table.set(key, 0);
    expect(table.get(key)).toBe(0);
    expect(table.size).toBe(1);
  });
});
