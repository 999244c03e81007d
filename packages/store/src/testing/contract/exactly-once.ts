import { describe, expect, test } from 'vitest';
import { countNodes, declared, finished } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** Numbers and epochs decide what is taken. */
export function exactlyOnceContract(bench: ContractBench): void {
  describe('exactly once', () => {
    test('a batch that comes again is acknowledged and not folded', async () => {
      const journal = await bench.newRun();
      await bench.harness.deliver(journal, { epoch: 1, number: 1, bytes: declared(2), sync: false });
      await bench.harness.deliver(journal, { epoch: 1, number: 2, bytes: finished(1), sync: false });
      const before = await bench.harness.verify(journal.runId);
      await bench.harness.deliver(journal, { epoch: 1, number: 2, bytes: finished(1), sync: true });
      await bench.harness.deliver(journal, { epoch: 1, number: 1, bytes: declared(2), sync: false });
      expect(await bench.harness.verify(journal.runId)).toEqual(before);
      expect(before).toMatchObject({ batches: 2, discrepancies: [] });
    });

    test('a gap is refused, and what was missing is taken', async () => {
      const journal = await bench.newRun();
      await bench.harness.deliver(journal, { epoch: 1, number: 1, bytes: declared(2), sync: false });
      const early = bench.harness.deliver(journal, { epoch: 1, number: 3, bytes: finished(2), sync: false });
      await expect(early).rejects.toMatchObject({ code: 'JOURNAL_GAP' });
      await bench.harness.deliver(journal, { epoch: 1, number: 2, bytes: finished(1), sync: false });
      await bench.harness.deliver(journal, { epoch: 1, number: 3, bytes: finished(2), sync: false });
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'completed')).toBe(2);
    });

    test('an epoch that is not the current one is refused', async () => {
      const journal = await bench.newRun();
      for (const epoch of [0, 2]) {
        const stale = bench.harness.deliver(journal, { epoch, number: 1, bytes: declared(1), sync: false });
        await expect(stale).rejects.toMatchObject({ code: 'JOURNAL_FENCED' });
      }
      await bench.harness.deliver(journal, { epoch: 1, number: 1, bytes: declared(1), sync: false });
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });
  });
}
