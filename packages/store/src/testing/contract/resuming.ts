import assert from 'node:assert/strict';
import {
  createBatchBuilder,
  digestAtOrNone,
  ENTRY_KIND_CODE,
  nodesAt,
  STATE_CODE,
  type JournalEvent,
} from '@sidereal/core';
import { describe, expect, test, vi } from 'vitest';
import { sampleHeader } from '../sample-run.ts';
import {
  countNodes,
  declared,
  declareTasks,
  finished,
  ignore,
  later,
  move,
  now,
  rejectionOf,
  take,
} from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

const { pending, queued, awaiting_retry, running, retrying, completed, failed } = STATE_CODE;

/** A run goes on from everything that was recorded, under one holder at a time. */
export function resumingContract(bench: ContractBench): void {
  describe('resuming', () => {
    test('gives back everything that was recorded', async () => {
      const header = sampleHeader('whole', {
        tags: ['a', 'Ω'],
        inputBytes: new Uint8Array([0, 255]),
        originMs: 1e12 + 0.5,
      });
      const journal = await bench.store.createRun(header, ignore);
      const builder = createBatchBuilder();
      declareTasks(builder, 3);
      builder.declare({
        idx: 4,
        key: new Uint8Array(16).fill(5),
        parent: 0,
        group: -1,
        stage: 0,
        kind: 'task',
        nameId: 0,
        timeUs: 40,
        flags: 0,
        upstream: [3, 1],
        after: [2],
        inputs: '',
        argumentDigest: new Uint8Array(16).fill(66),
      });
      builder.transition({ idx: 4, state: awaiting_retry, attempt: 65_537, timeUs: 45 });
      move(builder, 0, running);
      move(builder, 1, queued, running);
      builder.value({ idx: 1, attempt: 1, storage: 1, bytes: new Uint8Array([5]), size: 8 });
      move(builder, 1, completed);
      move(builder, 2, queued, running);
      const key = new Uint8Array(16).fill(77);
      const entry = { attempt: 1, timeUs: 5, key: new Uint8Array(0) };
      builder.entry({ ...entry, idx: 0, kind: 'effect', key, body: '{"call":"now","value":1}' });
      builder.entry({ ...entry, idx: 2, kind: 'error', body: '{"name":"Error","message":"first"}' });
      builder.entry({ ...entry, idx: 2, kind: 'error', body: '{"name":"Error","message":"last"}' });
      builder.entry({ ...entry, idx: 1, kind: 'error', body: '{"name":"Error","message":"overcome"}' });
      builder.transition({
        idx: 2,
        state: failed,
        attempt: 1,
        timeUs: 50,
        reason: 'timed_out',
        message: 'it took too long',
      });
      await journal.append(take(builder), now);
      await journal.close();

      const resumed = await bench.store.resumeRun('whole', { takeOver: false }, ignore);
      expect(resumed.epoch).toBe(2);
      const { snapshot } = resumed;
      assert.ok(snapshot !== undefined);
      expect(snapshot.header).toEqual(header);
      expect(snapshot.state).toBe(running);
      expect(snapshot.names).toEqual([
        { id: 0, name: 'work', module: 'work.ts', runner: 'inline', tags: ['slow'] },
      ]);
      expect(snapshot.nodes.count).toBe(5);
      expect([...snapshot.nodes.states]).toEqual([running, completed, failed, pending, awaiting_retry]);
      expect([...snapshot.nodes.attempts]).toEqual([1, 1, 1, 0, 65_537]);
      expect([...snapshot.nodes.kinds]).toEqual([0, 2, 2, 2, 2]);
      expect([...snapshot.nodes.parents]).toEqual([-1, 0, 0, 0, 0]);
      expect([...snapshot.nodes.valueStorage]).toEqual([0, 1, 0, 0, 0]);
      expect([...snapshot.nodes.valueSizes]).toEqual([0, 8, 0, 0, 0]);
      expect([...snapshot.nodes.keys.subarray(16, 32)]).toEqual(Array.from({ length: 16 }, () => 2));
      const { upstream, after, argumentDigests } = snapshot.nodes;
      const rows = [0, 1, 2, 3, 4];
      expect(rows.map((row) => [...nodesAt(upstream, row)])).toEqual([[], [], [1], [2], [3, 1]]);
      expect(rows.map((row) => [...nodesAt(after, row)])).toEqual([[], [], [], [], [2]]);
      expect(rows.map((row) => digestAtOrNone(argumentDigests, row))).toEqual([
        ...[0, 1, 2, 3].map(() => new Uint8Array(0)),
        new Uint8Array(16).fill(66),
      ]);
      expect(snapshot.keyed).toEqual([
        { idx: 0, key, kind: ENTRY_KIND_CODE.effect, body: '{"call":"now","value":1}' },
      ]);
      expect([...snapshot.errors]).toEqual([[2, '{"name":"Error","message":"last"}']]);
      expect(await resumed.readValue(1)).toEqual({ storage: 1, bytes: new Uint8Array([5]) });

      const more = createBatchBuilder();
      more.transition({ idx: 2, state: awaiting_retry, attempt: 1, timeUs: 60 });
      more.transition({ idx: 2, state: retrying, attempt: 2, timeUs: 70, lane: 1 });
      more.transition({ idx: 2, state: completed, attempt: 2, timeUs: 80, lane: 1 });
      await resumed.append(take(more), now);
      expect(await bench.harness.verify('whole')).toMatchObject({ batches: 2, discrepancies: [] });
      expect(countNodes(await bench.harness.counters('whole'), 'task', 'completed')).toBe(2);
    });

    test('a run without a single batch can be resumed', async () => {
      const journal = await bench.newRun();
      await journal.close();
      const resumed = await bench.store.resumeRun(journal.runId, { takeOver: false }, ignore);
      expect(resumed.snapshot).toMatchObject({ state: pending, nodes: { count: 0 }, names: [], keyed: [] });
      await resumed.append(declared(1), later);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
    });

    test('an unknown run is named', async () => {
      const error = await rejectionOf(bench.store.resumeRun('nobody', { takeOver: false }, ignore));
      expect(error.code).toBe('RUN_NOT_FOUND');
      expect(error.message).toContain('nobody');
    });

    test('a run that is executed is refused, naming host and process', async () => {
      const journal = await bench.newRun();
      const other = await bench.harness.open();
      const error = await rejectionOf(other.resumeRun(journal.runId, { takeOver: false }, ignore));
      expect(error.code).toBe('RUN_LIVE');
      expect(error.message).toContain(String(process.pid));
      expect(error.remedy).toContain('--take-over');
      await journal.append(declared(1), later);
    });

    test('taking over fences the holder at its next commit', async () => {
      const events: JournalEvent[] = [];
      const journal = await bench.newRun((event) => events.push(event));
      await journal.append(declared(2), later);
      const other = await bench.harness.open();
      const taken = await other.resumeRun(journal.runId, { takeOver: true }, ignore);
      expect(taken.epoch).toBe(2);
      await taken.append(finished(1), later);
      const error = await rejectionOf(journal.append(finished(1), later));
      expect(error.code).toBe('JOURNAL_FENCED');
      expect(events).toEqual([{ type: 'fenced', epoch: 2 }]);
      expect(await bench.discrepancies(journal.runId)).toEqual([]);
      await journal.close();
      await taken.append(finished(2), later); // closing the fenced one did not end this lease
      expect(await bench.harness.verify(journal.runId)).toMatchObject({ batches: 3, discrepancies: [] });
      await expect(bench.store.resumeRun(journal.runId, { takeOver: false }, ignore)).rejects.toMatchObject({
        code: 'RUN_LIVE',
      });
    });

    test('taking over is noticed by a holder that commits nothing', async () => {
      const events: JournalEvent[] = [];
      const journal = await bench.newRun((event) => events.push(event));
      const other = await bench.harness.open();
      await other.resumeRun(journal.runId, { takeOver: true }, ignore);
      await vi.waitFor(() => expect(events).toEqual([{ type: 'fenced', epoch: 2 }]), {
        timeout: 10_000,
        interval: 50,
      });
    });
  });
}
