/**
 * What it costs to collect, encode and decode a journal's records: batches as no-op task runs make them
 * (declare, queued, running, completed, a tiny value). Prints nanoseconds a task run and bytes a batch.
 *
 *   node packages/core/bench/batch-builder.ts [task runs a batch = 500] [batches = 2000]
 */
import { createBatchBuilder, decodeBatch, STATE_CODE } from '../src/index.ts';

const [perBatch = 500, batches = 2000] = process.argv.slice(2).map(Number);
const { queued, running, completed } = STATE_CODE;
const builder = createBatchBuilder();
const key = new Uint8Array(16).fill(7);
const bytes = new Uint8Array([1, 2, 3]);
const upstream: readonly number[] = [];

function collect(first: number): void {
  for (let i = 0; i < perBatch; i++) {
    const idx = first + i;
    key[i & 15] = i & 255;
    const timeUs = idx * 10.5;
    builder.declare({
      idx,
      key,
      parent: 0,
      group: 1,
      stage: 0,
      kind: 'task',
      nameId: 1,
      timeUs,
      flags: 0,
      upstream,
      inputs: '',
    });
    builder.transition({ idx, state: queued, attempt: 0, timeUs, lane: -1, reason: '', message: '' });
    builder.transition({ idx, state: running, attempt: 1, timeUs, lane: 3, reason: '', message: '' });
    builder.value({ idx, attempt: 1, storage: 1, bytes, size: 8 });
    builder.transition({ idx, state: completed, attempt: 1, timeUs, lane: 3, reason: '', message: '' });
  }
}

let collectMs = 0;
let encodeMs = 0;
let decodeMs = 0;
let size = 0;
const warmUp = batches / 10;
for (let batch = -warmUp; batch < batches; batch++) {
  const begun = cpuMs();
  collect(Math.max(0, batch) * perBatch);
  const collected = cpuMs();
  const encoded = builder.take();
  const taken = cpuMs();
  if (encoded === undefined) break;
  decodeBatch(encoded);
  const decoded = cpuMs();
  if (batch < 0) continue;
  collectMs += collected - begun;
  encodeMs += taken - collected;
  decodeMs += decoded - taken;
  size = encoded.length;
}
const perRun = (ms: number): string => ((ms * 1e6) / (perBatch * batches)).toFixed(1);
console.log(
  `collect ${perRun(collectMs)} ns, encode ${perRun(encodeMs)} ns, decode ${perRun(decodeMs)} ns a task run; ${(size / perBatch).toFixed(1)} bytes`,
);

/** Processor time of this thread, so that a machine that does other work besides measures the same. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
