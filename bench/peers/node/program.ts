/** A peer's program: one case in, one `Outcome` out as the last line of stdout. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../../suite/case.ts';
import type { Outcome } from '../../suite/outcome.ts';

/** Whatever a library prints goes to stderr; stdout has the outcome only. */
export async function answer(run: (of: Case) => Promise<Outcome>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  console.log = console.error;
  console.info = console.error;
  const of = JSON.parse(process.argv[2] ?? 'null') as Case | null;
  if (of === null) throw new Error('the case is missing: run.sh takes it as one JSON argument');
  try {
    const outcome = await run(of);
    process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

/** Seconds from the start of a fresh process that runs `program` until it has ended. */
export function coldSeconds(program: string): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [program], { stdio: ['ignore', 2, 2], timeout: 120_000 });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return seconds;
}

/** Versions of a peer's packages, as installed in its folder, and of Node.js. */
export function versionsOf(folder: string, ...packages: readonly string[]): Record<string, string> {
  const versions = packages.map((name): [string, string] => {
    const file = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    return [name, (JSON.parse(file) as { readonly version: string }).version];
  });
  return Object.fromEntries([...versions, ['node', process.version]]);
}
