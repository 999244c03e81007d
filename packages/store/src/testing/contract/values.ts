import { createBatchBuilder, VALUE_STORAGE } from '@sidereal/core';
import { describe, expect, test } from 'vitest';
import { declared, declareTasks, later, take } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** Values come back as they were recorded. */
export function valuesContract(bench: ContractBench): void {
  describe('values', () => {
    async function valueOf(storage: 0 | 1 | 2, bytes: Uint8Array): Promise<unknown> {
      const journal = await bench.newRun();
      const builder = createBatchBuilder();
      declareTasks(builder, 3);
      builder.value({
        idx: 2,
        attempt: 1,
        storage: VALUE_STORAGE.inline,
        bytes: new Uint8Array([9, 9]),
        size: 2,
      });
      builder.value({ idx: 1, attempt: 1, storage, bytes, size: 1e12 });
      await journal.append(take(builder), later);
      return await journal.readValue(1);
    }

    test.each([
      ['inline', VALUE_STORAGE.inline, new Uint8Array([1, 2, 3])],
      ['inline and empty', VALUE_STORAGE.inline, new Uint8Array(0)],
      ['inline and large', VALUE_STORAGE.inline, new Uint8Array(300_000).map((_, i) => i * 7)],
      ['a file', VALUE_STORAGE.file, new TextEncoder().encode('sha256-abc.npy')],
      ['a preview', VALUE_STORAGE.none, new TextEncoder().encode('Float64Array(8)')],
    ])('%s', async (_what, storage, bytes) => {
      expect(await valueOf(storage, bytes)).toEqual({ storage, bytes });
    });

    test('none recorded, or no such node', async () => {
      const journal = await bench.newRun();
      await journal.append(declared(1), later);
      expect(await journal.readValue(1)).toBeUndefined();
      expect(await journal.readValue(1000)).toBeUndefined();
    });

    test('the latest one counts, and one that was appended just before is there', async () => {
      const journal = await bench.newRun();
      await journal.append(declared(1), later);
      const appends = [1, 2, 3].map((attempt) => {
        const builder = createBatchBuilder();
        builder.value({ idx: 1, attempt, storage: 1, bytes: new Uint8Array([attempt]), size: 1 });
        return journal.append(take(builder), later);
      });
      expect(await journal.readValue(1)).toEqual({ storage: 1, bytes: new Uint8Array([3]) });
      await Promise.all(appends);
    });
  });
}
