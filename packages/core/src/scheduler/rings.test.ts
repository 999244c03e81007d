import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRings } from './rings.ts';

function ringsOf(waits: Readonly<Record<string, string>>, starts = Object.keys(waits)): string[] {
  return findRings(starts, (node) => waits[node] ?? '').map((ring) => ring.join(''));
}

test.each([
  ['a chain', { a: 'b', b: 'c', c: '' }, []],
  ['two ways to one node', { a: 'bc', b: 'd', c: 'd', d: '' }, []],
  ['a ring, in the order of waiting', { a: 'b', b: 'c', c: 'a' }, ['abc']],
  ['what only leads to a ring is not part of it', { r: 'x', x: 'a', a: 'b', b: 'a' }, ['ab']],
  ['a node that waits for itself', { a: 'a' }, ['a']],
  ['two rings', { a: 'b', b: 'a', c: 'd', d: 'c' }, ['ab', 'cd']],
  ['rings that share a node count as one', { a: 'bc', b: 'a', c: 'a' }, ['ab']],
])('%s', (_title, waits, rings) => {
  expect(ringsOf(waits)).toEqual(rings);
});

test('only what can be reached from the starts is looked at', () => {
  expect(ringsOf({ a: 'b', b: '', c: 'd', d: 'c' }, ['a'])).toEqual([]);
});

test('a ring of a hundred thousand nodes is found', () => {
  const count = 100_000;
  const [ring] = findRings([0], (node) => [(node + 1) % count]);
  expect(ring).toHaveLength(count);
});

test('a ring is found exactly if there is one, and its nodes do wait for one another', () => {
  const graphs = fc
    .integer({ min: 1, max: 12 })
    .chain((count) =>
      fc.array(fc.array(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }),
    );
  fc.assert(
    fc.property(graphs, (graph) => {
      const rings = findRings(graph.keys(), (node) => graph[node] ?? []);
      for (const ring of rings) {
        for (const [at, node] of ring.entries()) expect(graph[node]).toContain(ring[(at + 1) % ring.length]);
      }
      expect(new Set(rings.flat()).size).toBe(rings.flat().length);
      expect(rings.length > 0).toBe(hasRing(graph));
    }),
  );
});

/** Is something left after nodes that wait for nothing that is left have been taken away, again and again? */
function hasRing(graph: readonly (readonly number[])[]): boolean {
  let left = new Set(graph.keys());
  for (;;) {
    const waiting = new Set([...left].filter((node) => graph[node]?.some((next) => left.has(next))));
    if (waiting.size === left.size) return left.size > 0;
    left = waiting;
  }
}
