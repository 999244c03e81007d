/**
 * `npm run check`: everything but the slow suites; `npm run check -- lint types` some of it. Runs all steps
 * even if one fails, so that one run tells everything; ends with a line per step.
 */
import { join } from 'node:path';
import { runTool } from './check/tool.ts';
import { checkTypeBudget } from './check/type-budget.ts';
import { runSuite, suites } from './testing/suite.ts';
import { failures } from './testing/tally.ts';

const root = join(import.meta.dirname, '..');

const steps: Readonly<Record<string, () => Promise<boolean>>> = {
  format: () => runTool(root, 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  lint: () => runTool(root, 'oxlint/bin/oxlint', ['--quiet']),
  types: () => runTool(root, 'typescript/bin/tsc', ['-p', '.', '--pretty']),
  'type budget': () => Promise.resolve(checkTypeBudget(root)),
  'unused code': () => runTool(root, 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
  'unit tests': () => passes('unit'),
  'type tests': () => passes('types'),
};

async function passes(name: string): Promise<boolean> {
  const suite = suites.find((candidate) => candidate.name === name);
  return suite !== undefined && failures(await runSuite(suite, root), false) === 0;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(steps, name));
if (unknown.length > 0) {
  const known = Object.keys(steps).map((name) => `'${name}'`);
  console.error(`no step is named '${unknown.join("', '")}'; there are ${known.join(', ')}.`);
  process.exit(2);
}

const outcomes: string[] = [];
for (const [name, step] of Object.entries(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}`);
  const start = performance.now();
  const isGood = await step();
  if (!isGood) process.exitCode = 1;
  outcomes.push(
    `${isGood ? 'ok    ' : 'FAILED'}  ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
}
console.log(`\n${outcomes.join('\n')}`);
