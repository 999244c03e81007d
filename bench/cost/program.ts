/**
 * Measures one case in a process of its own, on the checkout that `SIDEREAL_CHECKOUT` names, and prints the CPU
 * time of a task. The tasks are made with that checkout's package, on its threads too: they import this module.
 *
 *     SIDEREAL_CHECKOUT=/a/checkout node bench/cost/program.ts \
 *         '{"runner":"inline","bytes":0,"warmUp":20000,"tasks":20000}'
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import type { CostCase } from './cost-case.ts';

const checkout = process.env['SIDEREAL_CHECKOUT'] ?? join(import.meta.dirname, '../..');
const packageIndex = pathToFileURL(join(checkout, 'packages/sidereal/src/index.ts')).href;
const { flow, inline, openStore, startRun, task, threads } = (await import(
  packageIndex
)) as typeof import('sidereal');

const noop = task({ name: 'noop' }, (_item: unknown) => undefined);

const THREADS = 2;

/** Plain data of about so many bytes; every item another. */
function itemOf(index: number, bytes: number): unknown {
  if (bytes === 0) return index;
  return {
    index,
    name: `channel ${index}`,
    values: Array.from({ length: Math.ceil(bytes / 8) }, (_, i) => index + i / 3),
  };
}

function* items(from: number, count: number, bytes: number): Generator {
  for (let index = from; index < from + count; index += 1) yield itemOf(index, bytes);
}

/** CPU time of the whole process, every thread of it, microseconds a task. */
async function measure({ runner, bytes, warmUp, tasks }: CostCase): Promise<number> {
  let spent = { user: 0, system: 0 };
  const measured = flow(
    { name: 'measured', runner: runner === 'inline' ? inline() : threads(THREADS) },
    async () => {
      await noop.map(items(0, warmUp, bytes));
      const before = process.cpuUsage();
      await noop.map(items(warmUp, tasks, bytes));
      spent = process.cpuUsage(before);
    },
  );
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-cost-'));
  try {
    await using store = await openStore(folder);
    const { error } = await startRun(measured.definition, undefined, { store }).outcome;
    if (error !== undefined) throw error;
    return (spent.user + spent.system) / tasks;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMainThread) console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '{}') as CostCase)));
