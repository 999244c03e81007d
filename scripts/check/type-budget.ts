/**
 * Types that infer well can grow slow without anyone noticing. `packages/engine/type-tests/budget/` says how
 * many type instantiations two programs may cost the compiler:
 *
 *     program.ts    uses the whole authoring API
 *     budget.json   { "instantiations": 16000, "tasks": { "count": 300, "instantiations": 60000 } }
 *
 * The second program, so many tasks, is made here. What counts of both is what they cost beyond the engine itself.
 * More is an error. Raise a budget only for a reason that the commit tells.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { manyTasks } from './many-tasks.ts';

const limit = z.int().positive();
const budgetFile = z.object({
  instantiations: limit,
  tasks: z.object({ count: limit, instantiations: limit }),
});

/** Compiles the programs, compares, and says what it found. */
export function checkTypeBudget(root: string): boolean {
  const folder = join(root, 'packages', 'engine', 'type-tests', 'budget');
  const file = join(folder, 'budget.json');
  if (!existsSync(file)) {
    console.log(`There is no budget.json in ${folder}: nothing to compare with.`);
    return true;
  }
  const { instantiations: whole, tasks } = budgetFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const spent = countInstantiations(root, join(folder, 'program.ts'));
  const none = countOfTasks(root, folder, 0);
  const many = countOfTasks(root, folder, tasks.count);
  if (spent === undefined || none === undefined || many === undefined) return false;
  const isWholeWithin = compare('The authoring API', spent - none, whole);
  const areTasksWithin = compare(`${tasks.count} tasks`, many - none, tasks.instantiations);
  return isWholeWithin && areTasksWithin;
}

function compare(what: string, spent: number, budget: number): boolean {
  console.log(`${what}: ${spent} type instantiations of ${budget} that the budget allows.`);
  if (spent > budget) {
    console.log('Find the type that grew (tsc --generateTrace), or raise the budget with a reason.');
    return false;
  }
  if (spent < budget / 2) console.log('The budget is more than twice that: lower it.');
  return true;
}

/** What a program of so many tasks costs, the engine included. */
function countOfTasks(root: string, folder: string, count: number): number | undefined {
  const program = join(folder, 'many-tasks.tmp.ts');
  writeFileSync(program, manyTasks(count, '../../src/index.ts'));
  try {
    return countInstantiations(root, program);
  } finally {
    rmSync(program, { force: true });
  }
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
