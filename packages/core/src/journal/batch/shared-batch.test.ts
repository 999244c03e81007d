import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Columns, TakerData } from '../../../test-fixtures/batch-taker-thread.ts';
import { createBatchBuilder } from './batch-builder.ts';
import { BatchCells } from './batch-cells.ts';
import { BatchTaker } from './batch-taker.ts';
import { decodeBatch } from './decode-batch.ts';
import { add, anyRecord, comparable } from './journal-arbitraries.ts';

/** A builder and a taker in one thread: whatever was taken, by whom it was, is in `batches` by its number. */
function shared() {
  const batches: Uint8Array[] = [];
  const cells = new BatchCells();
  const taker = new BatchTaker(cells);
  cells.setNumber(1);
  const builder = createBatchBuilder({
    cells,
    columns: (version, columns) => taker.received(version, [...columns]),
    taken: () => batches.length + 1,
    settled: () => Promise.resolve(),
  });
  const keep = (batch: Uint8Array | undefined): boolean => {
    if (batch !== undefined) batches.push(batch);
    return batch !== undefined;
  };
  return {
    builder,
    taker,
    batches,
    takeThere: () => keep(taker.take(batches.length + 1)),
    takeHere: () => {
      const isTaken = keep(builder.take());
      cells.setNumber(batches.length + 1);
      return isTaken;
    },
  };
}

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ op: fc.constant('add' as const), record: anyRecord }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('there' as const, 'here' as const) }) },
);

describe('a shared batch', () => {
  test('whoever takes when, every record is in one batch, in its order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { builder, batches, takeHere, takeThere } = shared();
        for (const given of steps) {
          if (given.op === 'add') add(builder, given.record);
          else if (given.op === 'here') takeHere();
          else takeThere();
        }
        takeHere();
        const records = steps.flatMap((given) => (given.op === 'add' ? [given.record] : []));
        expect(batches.flatMap((batch) => [...decodeBatch(batch)].map(comparable))).toEqual(
          records.map(comparable),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('is taken under its own number only, and once', () => {
    const { builder, taker, batches, takeHere, takeThere } = shared();
    expect(takeThere()).toBe(false);
    builder.entry({ idx: 1, attempt: 1, kind: 'log', timeUs: 1, key: new Uint8Array(0), body: 'one' });
    expect(taker.published).toBe(1);
    expect(taker.take(2)).toBeUndefined();
    expect(takeThere()).toBe(true);
    expect(taker.published).toBe(0);
    expect(takeThere()).toBe(false);
    expect(takeHere()).toBe(false);
    expect(batches).toHaveLength(1);
  });

  test('values larger than what is kept for the next batch are taken whole', () => {
    const { builder, batches, takeThere } = shared();
    const bytes = new Uint8Array(6 * 2 ** 20).map((_, i) => i);
    for (const idx of [1, 2, 3]) {
      builder.value({ idx, attempt: 1, storage: 0, bytes, size: bytes.length });
      expect(takeThere()).toBe(true);
    }
    const values = batches.flatMap((batch) => [...decodeBatch(batch)]);
    expect(values.map((value) => value.type === 'value' && Buffer.compare(value.bytes, bytes))).toEqual([
      0, 0, 0,
    ]);
  });

  test('two threads lose nothing and take nothing twice', async () => {
    const cells = new BatchCells();
    const state = new Int32Array(new SharedArrayBuffer(8));
    const workerData: TakerData = { cells: cells.cells, state };
    const entry = new URL('../../../test-fixtures/batch-taker-thread.ts', import.meta.url);
    const thread = new Worker(entry, { workerData });
    await once(thread, 'message');
    const here = new Map<number, Uint8Array>();
    let number = 1;
    cells.setNumber(number);
    const builder = createBatchBuilder({
      cells,
      columns: (version, columns) => thread.postMessage({ version, columns } satisfies Columns),
      taken: () => ++number,
      settled: () => Promise.resolve(),
    });
    const count = 60_000;
    let takenThere = 0;
    for (let idx = 0; idx < count || takenThere === 0; idx++) {
      builder.transition({ idx, state: 3, attempt: idx % 5, timeUs: idx, message: `m${idx % 7}` });
      if (idx % 3 === 0)
        builder.value({ idx, attempt: 1, storage: 0, bytes: Buffer.from(`value ${idx}`), size: 1 });
      if (idx % 101 === 0) {
        const batch = builder.take();
        if (batch === undefined) {
          takenThere += 1;
        } else {
          here.set(number, batch);
          cells.setNumber(number + 1);
          Atomics.store(state, 0, number); // the store has it
          number += 1;
        }
      }
    }
    const rest = builder.take();
    if (rest !== undefined) here.set(number, rest);
    Atomics.store(state, 1, 1);
    const [there] = (await once(thread, 'message')) as [[number, Uint8Array][]];
    const all = new Map([...here, ...there]);
    expect(all.size).toBe(here.size + there.length);
    const numbers = [...all.keys()].toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    let idx = 0;
    let values = 0;
    for (const each of numbers) {
      const batch = decodeBatch(all.get(each) ?? new Uint8Array(0));
      for (const record of batch) {
        if (record.type === 'transition') {
          if (record.idx !== idx || record.message !== `m${idx % 7}`) expect(record).toBe(idx);
          idx += 1;
        } else if (record.type === 'value') {
          if (Buffer.from(record.bytes).toString() !== `value ${3 * values}`) expect(record).toBe(3 * values);
          values += 1;
        }
      }
    }
    expect(idx).toBeGreaterThanOrEqual(count);
    expect(values).toBe(Math.ceil(idx / 3));
  });
});
