/**
 * `npm test` runs every suite, `npm test -- unit processes` those named. Each prints as it goes; what was
 * skipped and how to enable it comes at the end; the last line is `N passed, N failed`, over all suites.
 *
 * With SIDEREAL_REQUIRE_ALL=1 a skipped test counts as a failure. A suite without a test always does.
 */
import { join } from 'node:path';
import { unmetRequirements } from './testing/requirement.ts';
import { runSuite, suites } from './testing/suite.ts';
import { addTallies, closingLine, emptyTally, failures } from './testing/tally.ts';

const root = join(import.meta.dirname, '..');
const requireAll = process.env['SIDEREAL_REQUIRE_ALL'] === '1';
const names = process.argv.slice(2);

const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no suite ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}.`,
  );
  process.exit(2);
}

let tally = emptyTally;
for (const suite of suites) {
  if (names.length > 0 && !names.includes(suite.name)) continue;
  console.log(`\n── ${suite.name}: ${suite.about}`);
  tally = addTallies(tally, await runSuite(suite, root));
}

if (tally.skipped.length > 0) {
  console.log(
    `\nSKIPPED: ${tally.skipped.length} tests did not run${requireAll ? ', and all are required' : ''}:`,
  );
  for (const title of tally.skipped) console.log(`  ${title}`);
  for (const { what, remedy } of unmetRequirements()) {
    console.log(`  This machine has no ${what}. To enable: ${remedy}.`);
  }
}
if (tally.problems.length > 0) {
  console.log('\nFAILED, besides tests:');
  for (const problem of tally.problems) console.log(`  ${problem}`);
}
console.log(`\n${closingLine(tally, requireAll)}`);
process.exitCode = failures(tally, requireAll) > 0 ? 1 : 0;
