import assert from 'node:assert/strict';
import { describe, expect, test } from 'vitest';
import { asLaterVersion } from '../later-batch.ts';
import { RandomJournal } from '../random-journal.ts';
import { countNodes, declared, finished, ignore, later } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** What a later version adds to batches is kept and passed over. */
export function laterVersionsContract(bench: ContractBench): void {
  describe('batches of a later version', () => {
    test('are folded, verified and resumed from by what is known of them', async () => {
      const journal = await bench.newRun();
      await journal.append(asLaterVersion(declared(3)), later);
      await journal.append(asLaterVersion(finished(1)), later);
      await journal.append(finished(2), later);
      // Two records more in each of the later batches; a run with three tasks has five, a finished one three.
      const check = await bench.harness.verify(journal.runId);
      expect(check).toMatchObject({ batches: 3, records: 5 + 2 + 3 + 2 + 3, discrepancies: [] });
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'completed')).toBe(2);
      await journal.close();

      const resumed = await bench.store.resumeRun(journal.runId, { takeOver: false }, ignore);
      assert.ok(resumed.snapshot !== undefined);
      expect(resumed.snapshot.nodes.count).toBe(4);
      expect(resumed.snapshot.names).toHaveLength(1);
      await resumed.append(asLaterVersion(finished(3)), later);
      expect(await bench.harness.verify(journal.runId)).toMatchObject({ batches: 4, discrepancies: [] });
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'completed')).toBe(3);
    });

    test('say what the same records say without the addition', async () => {
      const [plain, extended] = [await bench.newRun(), await bench.newRun()];
      const [first, second] = [new RandomJournal(41), new RandomJournal(41)];
      for (let i = 0; i < 5; i++) {
        await plain.append(first.batch(100), later);
        await extended.append(asLaterVersion(second.batch(100)), later);
      }
      expect(await bench.discrepancies(extended.runId)).toEqual([]);
      expect(await bench.harness.counters(extended.runId)).toEqual(await bench.harness.counters(plain.runId));
      await Promise.all([plain.close(), extended.close()]);
      const resumedPlain = await bench.store.resumeRun(plain.runId, { takeOver: false }, ignore);
      const resumedExtended = await bench.store.resumeRun(extended.runId, { takeOver: false }, ignore);
      expect(resumedExtended.snapshot).toEqual({
        ...resumedPlain.snapshot,
        header: resumedExtended.snapshot?.header,
      });
    });
  });
}
