import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SpillList } from './spill-list.ts';

it('has what was added and is still there, whatever came and went, and no more than about twice as much', () => {
  const step = fc.record({
    op: fc.constantFrom('come', 'come', 'come', 'go', 'take'),
    count: fc.integer({ min: 1, max: 3000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const there = new Set<number>();
      const listed = new Set<number>();
      const list = new SpillList<number>((item) => there.has(item));
      let next = 0;
      let longest = 0;
      for (const { op, count } of steps) {
        if (op === 'take') {
          expect(new Set(list.take())).toEqual(new Set([...listed].filter((item) => there.has(item))));
          listed.clear();
        }
        for (let i = 0; i < count; i += 1) {
          if (op === 'come') {
            // Some of them have been there before.
            const item = next % 7 === 3 ? Math.floor(next / 2) : next;
            next += 1;
            there.add(item);
            listed.add(item);
            list.add(item);
          } else if (op === 'go') {
            const [item] = there;
            if (item !== undefined) there.delete(item);
          }
          longest = Math.max(longest, list.length - 2 * listed.size);
        }
      }
      expect(longest).toBeLessThanOrEqual(1024);
    }),
    { numRuns: 50 },
  );
});

it('looks at nothing twice when nothing comes', () => {
  let looks = 0;
  const list = new SpillList<number>(() => {
    looks += 1;
    return true;
  });
  for (let item = 0; item < 100; item += 1) list.add(item);
  expect(list.take()).toHaveLength(100);
  for (let i = 0; i < 100; i += 1) expect(list.take()).toEqual([]);
  expect(looks).toBe(100);
});
