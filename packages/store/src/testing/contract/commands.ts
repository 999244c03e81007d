import type { JournalEvent } from '@sidereal/core';
import { describe, expect, test, vi } from 'vitest';
import { declared, later } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** Commands reach the holder of a run. */
export function commandsContract(bench: ContractBench): void {
  describe('commands', () => {
    test('a request to cancel reaches the holder, once', async () => {
      const events: JournalEvent[] = [];
      const journal = await bench.newRun((event) => events.push(event));
      await journal.append(declared(1), later);
      await bench.harness.requestCancel(journal.runId, 'someone');
      const command: JournalEvent = { type: 'command', command: { type: 'cancel', by: 'someone' } };
      await vi.waitFor(() => expect(events).toEqual([command]), { timeout: 10_000, interval: 20 });
      await bench.harness.requestCancel(journal.runId, 'another');
      await vi.waitFor(() => expect(events).toHaveLength(2), { timeout: 10_000, interval: 20 });
    });

    test('a request to cancel one part names its key', async () => {
      const events: JournalEvent[] = [];
      const journal = await bench.newRun((event) => events.push(event));
      await journal.append(declared(2), later);
      await bench.harness.requestCancel(journal.runId, 'someone', 1);
      await vi.waitFor(() => expect(events).toHaveLength(1), { timeout: 10_000, interval: 20 });
      const task = expect.stringMatching(/^[0-9a-f]{32}$/);
      expect(events).toEqual([{ type: 'command', command: { type: 'cancel', by: 'someone', task } }]);
    });

    test('other runs do not hear of it, and neither does the next holder', async () => {
      const heard: JournalEvent[] = [];
      const journal = await bench.newRun();
      await bench.newRun((event) => heard.push(event));
      await bench.harness.requestCancel(journal.runId, 'someone');
      const other = await bench.harness.open();
      await other.resumeRun(journal.runId, { takeOver: true }, (event) => heard.push(event));
      const witness = await bench.newRun((event) => heard.push(event));
      await bench.harness.requestCancel(witness.runId, 'later');
      await vi.waitFor(() => expect(heard).toMatchObject([{ command: { by: 'later' } }]), {
        timeout: 10_000,
        interval: 20,
      });
    });
  });
}
