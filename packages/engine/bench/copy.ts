/**
 * What it costs to take the arguments of a call as they are: nanoseconds of CPU a call, for the copier, for
 * `structuredClone` beside it, and for the whole of capturing (copy, futures, text for the key, digest). Then
 * the time to capture a map of 100 calls over one array of 16 MB.
 *
 *     node packages/engine/bench/copy.ts [rounds]
 */
import { captureArguments, textOfArguments, type CaptureContext } from '../src/data/captured-arguments.ts';
import { bytesDigest } from '../src/data/digest.ts';
import { copyPlain } from '../src/data/futures-in-values.ts';
import { ArraySnapshots } from '../src/data/snapshots.ts';
import { argumentDigest, ValueIdentity } from '../src/data/value-identity.ts';

const ROUNDS = Number(process.argv[2] ?? 5);

class Pointing {
  readonly ra = 5.5;
  readonly dec = -33.2;
}

const CASES: readonly (readonly [string, readonly unknown[]])[] = [
  ['no arguments', []],
  ['one number', [7]],
  ['a text and a number', ['J1851+0035', 64]],
  ['an object of 3', [{ channel: 7, name: 'x', flag: true }]],
  ['an object of 30', [Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]))]],
  ['nested objects', [{ a: 1, b: { c: 2, d: [1, 2, 3] } }]],
  ['a list of 100', [Array.from({ length: 100 }, (_, i) => i)]],
  ['an instance', [new Pointing()]],
  ['a map of 2', [new Map([['a', 1]])]],
  ['20 objects', [Array.from({ length: 20 }, (_, i) => ({ i, name: `n${i}` }))]],
  ['a Float64Array(100)', [new Float64Array(100)]],
];

const context = contextOf();

function contextOf(): CaptureContext {
  const snapshots = new ArraySnapshots(bytesDigest);
  return { snapshots, identity: new ValueIdentity(snapshots), isFuture: () => false };
}

const WAYS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  copy: (args) => copyPlain(args),
  clone: (args) => structuredClone(args),
  capture: (args) => captureArguments(args, context),
  'with text': (args) =>
    textOfArguments(captureArguments(args, context), context.identity, () => undefined).text,
  'and digest': (args) =>
    argumentDigest(textOfArguments(captureArguments(args, context), context.identity, () => undefined)),
};

/** Nanoseconds of CPU a call: the least of some rounds, each long enough to be measured. */
function costOf(way: (args: readonly unknown[]) => unknown, args: readonly unknown[]): number {
  const calls = 20_000;
  let least = Infinity;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const from = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) way(args);
    const { user, system } = process.cpuUsage(from);
    if (round > 0) least = Math.min(least, ((user + system) * 1000) / calls);
  }
  return least;
}

console.log(['ns a call'.padEnd(22), ...Object.keys(WAYS).map((name) => name.padStart(11))].join(''));
for (const [name, args] of CASES) {
  const costs = Object.values(WAYS).map((way) => String(Math.round(costOf(way, args))).padStart(11));
  console.log([name.padEnd(22), ...costs].join(''));
}

const array = Float64Array.from({ length: 2_000_000 }, (_, i) => i * 1.1);
const own = contextOf();
const from = performance.now();
const calls = Array.from({ length: 100 }, (_, i) => captureArguments([array, i], own));
for (const captured of calls) argumentDigest(textOfArguments(captured, own.identity, () => undefined));
const ms = performance.now() - from;
const { copied, hashed } = own.snapshots.counts;
console.log(`\n100 calls over one array of 16 MB: ${ms.toFixed(0)} ms (copied ${copied}, hashed ${hashed})`);
