/**
 * What recording costs: no-op task runs (declare, queued, running, completed, a tiny value) through the
 * SQLite store, in batches as the engine makes them. Prints task runs per second that the store's thread
 * takes, and bytes on disk per task run after everything is checkpointed.
 *
 *   node packages/store/bench/no-op-runs.ts [task runs = 100000] [per batch = 500] [batches from declare to end = 2] [unacknowledged batches = 32]
 */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatchBuilder, STATE_CODE, type NodeKind } from '@sidereal/core';
import { openSqliteStore } from '../src/index.ts';
import { sampleHeader } from '../src/testing/sample-run.ts';

const [total = 100_000, perBatch = 500, lag = 2, depth = 32] = process.argv.slice(2).map(Number);
const folder = await mkdtemp(join(tmpdir(), 'sidereal-bench-'));
const store = await openSqliteStore({ folder });
const journal = await store.createRun(sampleHeader('bench'), (event) => console.log(event));
const builder = createBatchBuilder();
const key = new Uint8Array(16);
const value = new Uint8Array([1, 2, 3]);
const { completed, queued, running } = STATE_CODE;

function declare(idx: number, kind: NodeKind, group: number, nowUs: number): void {
  for (let i = 0; i < 16; i++) key[i] = Math.random() * 256;
  builder.declare({
    idx,
    key,
    parent: idx === 0 ? -1 : 0,
    group,
    stage: 0,
    kind,
    nameId: 1,
    timeUs: nowUs,
    flags: 0,
    upstream: [],
    inputs: idx < 2 ? '' : `(${idx})`,
  });
}

function finish(idx: number, nowUs: number): void {
  const lane = idx % 16;
  builder.transition({ idx, state: running, attempt: 1, timeUs: nowUs, lane });
  builder.value({ idx, attempt: 1, storage: 1, bytes: value, size: 8 });
  builder.transition({ idx, state: completed, attempt: 1, timeUs: nowUs + 11 + (idx % 7), lane });
}

const pending = new Set<Promise<void>>();

function append(batch: Uint8Array<ArrayBuffer>): void {
  const appended = journal.append(batch, { sync: false }).finally(() => pending.delete(appended));
  pending.add(appended);
}

let nowUs = 5_000_000;
builder.name({ id: 1, name: 'no-op', module: 'bench.ts', runner: 'inline', tags: [] });
declare(0, 'flow', -1, nowUs);
builder.transition({ idx: 0, state: running, attempt: 1, timeUs: nowUs });
declare(1, 'map', -1, nowUs);

const begun = performance.now();
let declared = 0;
let ended = 0;
while (ended < total) {
  for (let i = 0; i < perBatch && declared < total; i++, declared++) {
    nowUs += 10;
    declare(declared + 2, 'task', 1, nowUs);
    builder.transition({ idx: declared + 2, state: queued, attempt: 0, timeUs: nowUs + 2 });
  }
  const ready = declared < total ? declared - lag * perBatch : total;
  for (; ended < ready; ended++) {
    nowUs += 10;
    finish(ended + 2, nowUs);
  }
  const batch = builder.take();
  if (batch === undefined) continue;
  append(batch);
  if (pending.size >= depth) await Promise.race(pending);
}
await Promise.all(pending);
const seconds = (performance.now() - begun) / 1000;
await store.close();
let bytes = 0;
for (const name of await readdir(folder)) bytes += (await stat(join(folder, name))).size;
console.log(
  `${total} task runs, ${perBatch} a batch, ended ${lag} batches after they were declared, ${depth} unacknowledged: ` +
    `${Math.round(total / seconds)} task runs/s, ${(bytes / total).toFixed(1)} bytes on disk each`,
);
if (process.env['KEEP'] === undefined) await rm(folder, { recursive: true });
else console.log(folder);
