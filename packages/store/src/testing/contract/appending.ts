import { createBatchBuilder, STATE_CODE } from '@sidereal/core';
import { describe, expect, test } from 'vitest';
import { RandomJournal, seededRandom } from '../random-journal.ts';
import { sampleHeader } from '../sample-run.ts';
import { countNodes, declared, finished, ignore, later, move, now, take } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

const { queued, running, failed } = STATE_CODE;

/** Batches are taken in order, acknowledged in order, and folded. */
export function appendingContract(bench: ContractBench): void {
  describe('appending', () => {
    test('a new run has epoch 1, no snapshot and nothing pending', async () => {
      const journal = await bench.newRun();
      expect(journal.epoch).toBe(1);
      expect(journal.snapshot).toBeUndefined();
      expect(journal.pendingBytes).toBe(0);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('batches are folded into exact counters, and the tables say what the journal says', async () => {
      const journal = await bench.newRun();
      await journal.append(declared(5), later);
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'pending')).toBe(5);
      await journal.append(finished(1, 2), later);
      const builder = createBatchBuilder();
      move(builder, 0, running);
      move(builder, 3, queued, running, failed);
      await journal.append(take(builder), now);
      const counters = await bench.harness.counters(journal.runId);
      expect(countNodes(counters, 'task', 'completed')).toBe(2);
      expect(countNodes(counters, 'task', 'failed')).toBe(1);
      expect(countNodes(counters, 'task', 'pending')).toBe(2);
      expect(countNodes(counters, 'flow', 'running')).toBe(1);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('appends are acknowledged in order; bytes count as pending until then; buffers are transferred', async () => {
      const journal = await bench.newRun();
      const acknowledged: number[] = [];
      const batches = [declared(3), finished(1), finished(2), finished(3)];
      const bytes = batches.reduce((sum, batch) => sum + batch.length, 0);
      const appends = batches.map((batch, i) =>
        journal.append(batch, later).then(() => acknowledged.push(i)),
      );
      expect(journal.pendingBytes).toBe(bytes);
      expect(batches.map((batch) => batch.length)).toEqual([0, 0, 0, 0]);
      await Promise.all(appends);
      expect(acknowledged).toEqual([0, 1, 2, 3]);
      expect(journal.pendingBytes).toBe(0);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('an append of nothing makes durable what came before it, and takes no number', async () => {
      const journal = await bench.newRun();
      const nothing = (): Promise<void> => journal.append(new Uint8Array(0), now);
      await nothing();
      const appended = journal.append(declared(2), later);
      await nothing();
      await appended;
      await nothing();
      await journal.append(finished(1), later);
      expect(countNodes(await bench.harness.counters(journal.runId), 'task', 'completed')).toBe(1);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('a run id is taken once', async () => {
      const journal = await bench.newRun();
      await expect(bench.store.createRun(sampleHeader(journal.runId), ignore)).rejects.toMatchObject({
        code: 'RUN_EXISTS',
      });
    });

    test('any valid journal, in batches of any size, over any number of resumes', async () => {
      for (let seed = 1; seed <= 6; seed++) {
        const random = seededRandom(seed);
        const made = new RandomJournal(seed);
        let journal = await bench.newRun();
        const { runId } = journal;
        for (let part = 0; part < 4; part++) {
          const appends: Promise<void>[] = [];
          for (let i = 0; i < 10; i++)
            appends.push(journal.append(made.batch(1 + Math.floor(random() * 200)), later));
          await Promise.all(appends);
          await journal.close();
          expect(await bench.discrepancies(runId)).toEqual([]);
          journal = await bench.store.resumeRun(runId, { takeOver: false }, ignore);
          expect(journal.epoch).toBe(part + 2);
        }
      }
    });

    test('journals of one store, and of two handles on it, do not disturb each other', async () => {
      const other = await bench.harness.open();
      const journals = [
        await bench.newRun(),
        await bench.newRun(),
        await other.createRun(sampleHeader('elsewhere'), ignore),
      ];
      await Promise.all(
        journals.map(async (journal, i) => {
          const made = new RandomJournal(i + 100);
          for (let n = 0; n < 20; n++) await journal.append(made.batch(50), { sync: n % 5 === 0 });
        }),
      );
      for (const journal of journals) expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });
  });
}
