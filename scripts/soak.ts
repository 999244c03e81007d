/**
 * `npm run soak`: the suites that live by chance, with numbers too big for every day. The scheduler and whole
 * flows are put through random events, then processes are killed at random moments.
 */
import { join } from 'node:path';
import { runSuite, suites, type Suite } from './testing/suite.ts';
import { addTallies, closingLine, emptyTally, failures } from './testing/tally.ts';

process.env['SIDEREAL_PROPERTY_RUNS'] ??= '100000';
process.env['SIDEREAL_PROPERTY_SEED'] ??= 'random';
process.env['SIDEREAL_KILLS'] ??= '300';
const root = join(import.meta.dirname, '..');

const soaked: readonly (readonly [suite: Suite, what: string])[] = [
  [
    {
      ...named('unit'),
      files: [
        'scheduler.property.test.ts',
        'random-flows.test.ts',
        'random-values.test.ts',
        'random-ends.test.ts',
        'neighbours.test.ts',
        'equivalence.test.ts',
      ],
    },
    `${process.env['SIDEREAL_PROPERTY_RUNS']} runs of the scheduler, half of that of flows against a model, a fortieth of that of any flows`,
  ],
  [named('processes'), `${process.env['SIDEREAL_KILLS']} kills a test`],
];

let tally = emptyTally;
for (const [suite, what] of soaked) {
  console.log(`\n── ${suite.name}, with ${what}`);
  tally = addTallies(tally, await runSuite(suite, root));
}
for (const problem of tally.problems) console.log(problem);
console.log(`\n${closingLine(tally, true)}`);
process.exitCode = failures(tally, true) > 0 ? 1 : 0;

function named(name: string): Suite {
  const suite = suites.find((candidate) => candidate.name === name);
  if (suite === undefined) throw new Error(`scripts/testing/suite.ts has no suite named ${name}`);
  return suite;
}
