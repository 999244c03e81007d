/**
 * What a task costs in CPU time, all threads of the process counted, here and in another checkout: processes of
 * both in turn, pair by pair, so that whatever else the machine does falls on both alike.
 *
 *     node bench/cost/main.ts                                  this checkout alone
 *     node bench/cost/main.ts --against ../before --pairs 5    and how it compares
 *     node bench/cost/main.ts --warm-up 2000                   with what it costs V8 to compile
 */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../formulas/median.ts';
import { caseTitle, costCases, WARM_UP, type CostCase } from './cost-case.ts';

const here = join(import.meta.dirname, '../..');
const program = join(import.meta.dirname, 'program.ts');
const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    pairs: { type: 'string', default: '5' },
    'warm-up': { type: 'string', default: String(WARM_UP) },
  },
});
const pairs = Number(values.pairs);
if (!Number.isInteger(pairs) || pairs < 1)
  throw new RangeError(`--pairs ${values.pairs} is not a whole number from 1`);
const warmUp = Number(values['warm-up']);
if (!Number.isInteger(warmUp) || warmUp < 0)
  throw new RangeError(`--warm-up ${values['warm-up']} is not a whole number from 0`);

/** Microseconds of CPU time a task, from a process of its own. */
function measure(checkout: string, measured: CostCase): number {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', program, JSON.stringify(measured)],
    {
      encoding: 'utf8',
      env: { ...process.env, SIDEREAL_CHECKOUT: checkout },
    },
  );
  if (status !== 0) throw new Error(`${caseTitle(measured)} in ${checkout} ended with ${status}: ${stderr}`);
  return Number(stdout);
}

function compare(measured: CostCase, against: string): void {
  const ratios: number[] = [];
  for (let pair = 1; pair <= pairs; pair += 1) {
    // Whoever goes first finds the machine as the other left it: they take turns.
    const isHereFirst = pair % 2 === 1;
    const first = measure(isHereFirst ? here : against, measured);
    const second = measure(isHereFirst ? against : here, measured);
    const [own, other] = isHereFirst ? [first, second] : [second, first];
    ratios.push(own / other);
    console.log(
      `  pair ${pair}: ${own.toFixed(1)} µs here, ${other.toFixed(1)} µs there, ratio ${(own / other).toFixed(3)}`,
    );
  }
  const spread = `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
  console.log(`  median ratio ${median(ratios).toFixed(3)}, ${spread}`);
}

for (const kind of costCases) {
  const measured = { ...kind, warmUp };
  console.log(caseTitle(measured));
  if (values.against !== undefined) {
    compare(measured, resolve(values.against));
    continue;
  }
  const costs = Array.from({ length: pairs }, () => measure(here, measured));
  console.log(
    `  ${median(costs).toFixed(1)} µs a task, ${Math.min(...costs).toFixed(1)} to ${Math.max(...costs).toFixed(1)}`,
  );
}
