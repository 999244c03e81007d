/**
 * Types that infer well can grow slow without anyone noticing. `packages/engine/type-tests/budget/` holds a
 * program that uses the whole authoring API, and how many type instantiations it may cost the compiler:
 *
 *     program.ts    the program
 *     budget.json   { "instantiations": 12000 }
 *
 * More is an error. Raise the budget only for a reason that the commit tells.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const budgetFile = z.object({ instantiations: z.int().positive() });

/** Compiles the program, compares, and says what it found. */
export function checkTypeBudget(root: string): boolean {
  const folder = join(root, 'packages', 'engine', 'type-tests', 'budget');
  if (!existsSync(join(folder, 'budget.json'))) {
    console.log(`There is no budget.json in ${folder}: nothing to compare with.`);
    return true;
  }
  const budget = budgetFile.parse(
    JSON.parse(readFileSync(join(folder, 'budget.json'), 'utf8')),
  ).instantiations;
  const spent = countInstantiations(root, join(folder, 'program.ts'));
  if (spent === undefined) return false;
  const isWithin = spent <= budget;
  console.log(
    `${spent} type instantiations of ${budget} that packages/engine/type-tests/budget/budget.json allows.`,
  );
  if (isWithin && spent < budget / 2) console.log('The budget is more than twice that: lower it.');
  if (!isWithin)
    console.log('Find the type that grew (tsc --generateTrace), or raise the budget with a reason.');
  return isWithin;
}

function countInstantiations(root: string, program: string): number | undefined {
  const config = join(root, 'packages', 'engine', 'type-tests', 'budget', 'tsconfig.tmp.json');
  writeFileSync(
    config,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), include: [], files: [program] }),
  );
  try {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    // One checker, so that the count does not depend on how files are spread over several.
    const args = [tsc, '-p', config, '--extendedDiagnostics', '--singleThreaded'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    const count = instantiations(stdout);
    if (count === undefined || stdout.includes('error TS')) {
      console.log(stdout);
      return undefined;
    }
    return count;
  } finally {
    rmSync(config, { force: true });
  }
}

/** Reads the count out of what `tsc --extendedDiagnostics` prints. */
export function instantiations(diagnostics: string): number | undefined {
  const digits = /^Instantiations:\s*([\d,]+)/m.exec(diagnostics)?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}
