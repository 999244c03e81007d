import { describe, expect, test } from 'vitest';
import { sampleHeader } from '../sample-run.ts';
import { declared, finished, ignore, later } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** What is open is closed. */
export function closingContract(bench: ContractBench): void {
  describe('closing', () => {
    test('what was appended before is committed; what comes after is refused', async () => {
      const journal = await bench.newRun();
      const appended = [journal.append(declared(1), later), journal.append(finished(1), later)];
      await journal.close();
      await journal.close();
      await Promise.all(appended);
      await expect(journal.append(finished(1), later)).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' });
      await expect(journal.readValue(0)).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' });
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('at once: all that was appended is committed, and the lease ended, when it returns', async () => {
      const journal = await bench.newRun();
      const appended = journal.append(declared(1), later);
      expect(journal.closeNow(finished(1), 60_000)).toBe(true);
      // Nothing that the store has answered has been heard yet.
      const other = await bench.harness.open();
      const resumed = await other.resumeRun(journal.runId, { takeOver: false }, ignore);
      expect(resumed.snapshot?.nodes.count).toBe(2);
      await appended;
      expect(journal.closeNow(undefined, 60_000)).toBe(false);
      await journal.close();
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('closing the store closes its journals and ends their leases', async () => {
      const journal = await bench.newRun();
      const appended = journal.append(declared(1), later);
      await bench.store.close();
      await bench.store.close();
      await appended;
      await journal.close();
      const other = await bench.harness.open();
      const resumed = await other.resumeRun(journal.runId, { takeOver: false }, ignore);
      expect(resumed.snapshot?.nodes.count).toBe(2);
      await expect(bench.store.createRun(sampleHeader('late'), ignore)).rejects.toMatchObject({
        code: 'STORE_CLOSED',
      });
    });
  });
}
