import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyInput, Future } from './canonical-arbitraries.ts';
import { canonicalInputs, type CanonicalContext } from './canonical.ts';
import { KeyTable } from './key-table.ts';
import { KEY_BYTES, keyBytes, keyText, taskKey, type CallIdentity } from './task-key.ts';

const context: CanonicalContext = {
  futureKey: (value) => (value instanceof Future ? value.key : undefined),
  digestBytes: (bytes) => createHash('sha256').update(bytes).digest('hex'),
  digestText: (text) => createHash('sha256').update(text).digest('hex'),
};
const digest = (text: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(text).digest().subarray(0, KEY_BYTES));

const call: Omit<CallIdentity, 'inputs'> = {
  parent: '0'.repeat(32),
  verb: 'task',
  module: 'imaging.ts',
  name: 'grid',
  explicit: undefined,
};
interface Parts extends Partial<Omit<CallIdentity, 'inputs'>> {
  readonly inputs?: readonly unknown[];
}
const identityOf = ({ inputs = [1, 'a'], ...parts }: Parts): CallIdentity => ({
  ...call,
  ...parts,
  inputs: canonicalInputs(inputs, context),
});
const keyOf = (parts: Parts, seen = new KeyTable()): string =>
  keyText(taskKey(identityOf(parts), seen, digest).key);

describe('taskKey', () => {
  test('the same call has the same key in every execution', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 3 }), fc.nat(2), (inputs, turn) => {
        const first = keyOf({ inputs: inputs.map((input) => input.build(0)) });
        expect(keyOf({ inputs: inputs.map((input) => input.build(turn)) })).toBe(first);
        expect(first).toMatch(/^[\da-f]{32}$/);
      }),
    );
  });

  test('every part of the identity tells calls apart, and no part runs into the next', () => {
    const identities: Parts[] = [
      {},
      { parent: '1'.repeat(32) },
      { verb: 'stage' },
      { module: 'flagging.ts' },
      { name: 'image' },
      { inputs: [1] },
      { inputs: ['a', 1] },
      { inputs: [[1, 'a']] },
      { inputs: [1, 'a', undefined] },
      { inputs: [] },
      { inputs: [new Future('a')] },
      { inputs: [new Future('b')] },
      { explicit: 'a' },
      { explicit: '' },
      { name: 'grid\nn1', inputs: [] },
      { module: 'imaging.ts\n4:grid', name: '' },
      { module: 'imaging.ts', name: '4:grid' },
    ];
    const keys = identities.map((identity) => keyOf(identity));
    expect(new Set(keys).size).toBe(identities.length);
  });

  test('an explicit key replaces the inputs, which then need no identity', () => {
    const explicit = keyOf({ explicit: 'channel-7', inputs: [Symbol('anything')] });
    expect(keyOf({ explicit: 'channel-7', inputs: [] })).toBe(explicit);
    expect(keyOf({ explicit: 'channel-8', inputs: [] })).not.toBe(explicit);
    const isComplete = (parts: Parts): boolean =>
      taskKey(identityOf(parts), new KeyTable(), digest).isComplete;
    expect(isComplete({ explicit: 'channel-7', inputs: [Symbol('anything')] })).toBe(true);
    expect(isComplete({ inputs: [Symbol('anything')] })).toBe(false);
    expect(isComplete({ inputs: ['anything'] })).toBe(true);
  });

  test('equal calls of one parent get keys by their order, and keep them when others come between', () => {
    const sequence = (order: readonly number[]): string[] => {
      const seen = new KeyTable();
      return order.map((input) => keyOf({ inputs: [input] }, seen));
    };
    const [a0, b0, a1, a2, b1] = sequence([1, 2, 1, 1, 2]);
    expect(new Set([a0, b0, a1, a2, b1]).size).toBe(5);
    expect(sequence([2, 2, 1, 1, 1])).toEqual([b0, b1, a0, a1, a2]);
  });

  test('equal explicit keys are told apart by their order too', () => {
    const seen = new KeyTable();
    const [first, second] = [keyOf({ explicit: 'x' }, seen), keyOf({ explicit: 'x' }, seen)];
    expect(first).toBe(keyOf({ explicit: 'x' }));
    expect(second).not.toBe(first);
  });
});

describe('keyText and keyBytes', () => {
  test('undo each other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: KEY_BYTES, maxLength: KEY_BYTES }), fc.nat(9), (key, offset) => {
        expect(keyBytes(keyText(key))).toEqual(key);
        const moved = new Uint8Array(offset + KEY_BYTES);
        moved.set(key, offset);
        expect(keyText(moved, offset)).toBe(keyText(key));
      }),
    );
  });
});
