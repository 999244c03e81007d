import { createBatchBuilder, STATE_CODE, type JournalEvent } from '@sidereal/core';
import { describe, expect, test } from 'vitest';
import { countNodes, declared, finished, ignore, later, move, take } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

const { queued, completed } = STATE_CODE;

/** What cannot be folded leaves no trace. */
export function brokenBatchesContract(bench: ContractBench): void {
  describe('what breaks the rules is refused, with all that follows it', () => {
    const bad: readonly (readonly [string, string, () => Uint8Array<ArrayBuffer>])[] = [
      ['bytes that are no batch', 'JOURNAL_CORRUPT', () => new Uint8Array(100)],
      ['a batch cut short', 'JOURNAL_CORRUPT', () => finished(1).slice(0, -1)],
      ['a node that was never declared', 'JOURNAL_INVALID', () => finished(99)],
      ['a node declared again', 'JOURNAL_INVALID', () => declared(1)],
      ['a state that cannot follow', 'INVALID_TRANSITION', () => transitioned(1, completed)],
    ];
    function transitioned(idx: number, state: number): Uint8Array<ArrayBuffer> {
      const builder = createBatchBuilder();
      move(builder, idx, queued, state);
      return take(builder);
    }

    test.each(bad)('%s: %s', async (_what, code, make) => {
      const events: JournalEvent[] = [];
      const journal = await bench.newRun((event) => events.push(event));
      const batches = [declared(3), finished(2), make(), finished(3)];
      const outcomes = await Promise.allSettled(batches.map((batch) => journal.append(batch, later)));
      const refused = { status: 'rejected', reason: { code } };
      const kept = { status: 'fulfilled' };
      expect(outcomes).toMatchObject([kept, kept, refused, refused]);
      await expect(journal.append(finished(3), later)).rejects.toMatchObject({ code });
      expect(events).toMatchObject([{ type: 'failed', error: { code } }]);
      expect(await bench.harness.verify(journal.runId)).toMatchObject({ batches: 2, discrepancies: [] });
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'completed')).toBe(1);
      await journal.close();

      // The run itself is sound: it goes on under the next epoch.
      const resumed = await bench.store.resumeRun(journal.runId, { takeOver: false }, ignore);
      await resumed.append(finished(3), later);
      expect(await bench.harness.verify(journal.runId)).toMatchObject({ batches: 3, discrepancies: [] });
    });

    test('another journal in the same commits is not touched by it', async () => {
      const [broken, sound] = [await bench.newRun(), await bench.newRun()];
      const appends = [
        broken.append(declared(1), later),
        sound.append(declared(1), later),
        broken.append(new Uint8Array(3), later),
        sound.append(finished(1), later),
      ];
      const outcomes = await Promise.allSettled(appends);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect(await bench.discrepancies(broken.runId)).toEqual([]);
      expect(await bench.discrepancies(sound.runId)).toEqual([]);
    });
  });
}
