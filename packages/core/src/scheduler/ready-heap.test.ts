import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadyHeap } from './ready-heap.ts';

const IDS = 300;

type Step =
  { readonly op: 'push' | 'remove'; readonly id: number } | { readonly op: 'pop' } | { readonly op: 'peek' };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('push'), id: fc.nat(IDS - 1) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove'), id: fc.nat(IDS - 1) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('pop') }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('peek') }) },
);

/** Ranks that tie often, broken by id: a total order, as the scheduler's is. */
const anyRanks = fc.array(fc.nat(20), { minLength: IDS, maxLength: IDS });

class HeapAndModel {
  readonly heapAt = new Int32Array(IDS).fill(-1);
  readonly heap: ReadyHeap;
  sorted: number[] = [];
  readonly #compare: (a: number, b: number) => number;

  constructor(ranks: readonly number[]) {
    this.#compare = (a, b) => ranks[a]! - ranks[b]! || a - b;
    this.heap = new ReadyHeap((a, b) => this.#compare(a, b) < 0, this);
  }

  /** What the heap and the sorted array give. */
  step(step: Step): readonly [number, number] {
    if (step.op === 'peek') return [this.heap.peek(), this.sorted[0] ?? -1];
    if (step.op === 'pop') return [this.heap.pop(), this.sorted.shift() ?? -1];
    const isIn = this.sorted.includes(step.id);
    if (step.op === 'push' && !isIn) {
      this.heap.push(step.id);
      this.sorted = [...this.sorted, step.id].sort(this.#compare);
    } else if (step.op === 'remove' && isIn) {
      this.heap.remove(step.id);
      this.sorted = this.sorted.filter((id) => id !== step.id);
    }
    return [this.heap.size, this.sorted.length];
  }
}

describe('ReadyHeap', () => {
  test('does what a sorted array does', () => {
    fc.assert(
      fc.property(anyRanks, fc.array(anyStep, { maxLength: 400, size: 'max' }), (ranks, steps) => {
        const both = new HeapAndModel(ranks);
        for (const step of steps) {
          const [given, expected] = both.step(step);
          expect(given).toBe(expected);
        }
        const left = both.sorted;
        expect(Array.from({ length: left.length + 1 }, () => both.heap.pop())).toEqual([...left, -1]);
      }),
      { numRuns: 300 },
    );
  });

  test('knows of each id whether it is in', () => {
    fc.assert(
      fc.property(anyRanks, fc.array(anyStep, { maxLength: 100 }), (ranks, steps) => {
        const both = new HeapAndModel(ranks);
        for (const step of steps) both.step(step);
        const known = Array.from(both.heapAt.keys()).filter((id) => both.heapAt[id]! >= 0);
        expect(known).toEqual(both.sorted.toSorted((a, b) => a - b));
      }),
    );
  });

  test('an empty heap gives -1', () => {
    const { heap } = new HeapAndModel(Array.from({ length: IDS }, () => 0));
    expect([heap.peek(), heap.pop(), heap.size]).toEqual([-1, -1, 0]);
  });
});
