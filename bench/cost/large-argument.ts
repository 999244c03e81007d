/**
 * How long a map takes that gives one array of 16 MB to each of a hundred calls: the array is to be looked at,
 * not hashed, each time. Prints milliseconds until all were submitted and had ended.
 *
 *     SIDEREAL_CHECKOUT=/a/checkout node bench/cost/large-argument.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const checkout = process.env['SIDEREAL_CHECKOUT'] ?? join(import.meta.dirname, '../..');
const packageIndex = pathToFileURL(join(checkout, 'packages/sidereal/src/index.ts')).href;
const { flow, openStore, startRun, task } = (await import(packageIndex)) as typeof import('sidereal');

const CALLS = 100;
const DOUBLES = 2_000_000;

const measureLength = task(
  { name: 'measure-length' },
  (array: Float64Array, call: number) => array.length + call,
);
const largeArgument = flow({ name: 'large-argument' }, async () => {
  const array = new Float64Array(DOUBLES).map((_, i) => i);
  const began = performance.now();
  let pulled = 0;
  function* counted(): Generator<number> {
    for (let call = 0; call < CALLS; call += 1) yield call;
    pulled = performance.now();
  }
  await measureLength.map(counted(), (call) => [array, call]);
  return { submittedMs: pulled - began, endedMs: performance.now() - began };
});

const folder = mkdtempSync(join(tmpdir(), 'sidereal-cost-'));
try {
  await using store = await openStore(folder);
  const { value, error } = await startRun(largeArgument.definition, undefined, { store }).outcome;
  if (error !== undefined) throw error;
  console.log(JSON.stringify(value));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
