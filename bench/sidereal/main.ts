/**
 * Sidereal as a system of the overhead suite: runs one case and prints its outcome.
 *
 *     node bench/sidereal/main.ts '{"row":"tree","n":1000,"minSeconds":0.09,"maxSeconds":0.11,…}'
 */
import { inline, threads } from 'sidereal';
import type { Case } from '../suite/case.ts';
import { countedTaskRuns } from '../suite/counted-task-runs.ts';
import type { Measured, Outcome } from '../suite/outcome.ts';
import { coldHello } from './cold-hello.ts';
import { chain, fan, noopMap, stages } from './noop.ts';
import { pending } from './pending.ts';
import { runRecorded } from './run-recorded.ts';
import { tree } from './tree.ts';
import { siderealVersion } from './version.ts';

type Figures = Omit<Measured, 'versions' | 'settings'>;

async function execute(asked: Case): Promise<Outcome> {
  if (asked.processes > 1)
    return { cannot: 'there is no runner for processes yet: task code runs inline or on threads' };
  const runner = asked.variant === 'inline' ? inline() : threads(asked.threads);
  const settings = {
    runner: asked.variant === 'inline' ? 'inline' : `threads(${asked.threads})`,
    store: 'SQLite (WAL, synchronous = NORMAL, fsync at the end of a run)',
    package: asked.row === 'cold-hello' ? 'compiled, as users install it' : 'run from its sources',
    ...(asked.row === 'tree' ? { arrays: 'plain Float64Array in and out of tasks' } : {}),
  };
  const versions = { sidereal: siderealVersion(), node: process.versions.node };
  return { ...(await figuresOf(asked, runner)), versions, settings };
}

function figuresOf(asked: Case, runner: ReturnType<typeof threads>): Promise<Figures> {
  const { row, n, minSeconds, maxSeconds, mebibytes } = asked;
  const expected = countedTaskRuns(asked);
  const slots = asked.threads;
  const noop = { runner, expected, input: { n, slots } };
  switch (row) {
    case 'tree': {
      const input = { n, slots, minSeconds, maxSeconds, doubles: Math.floor((mebibytes * 2 ** 20) / 8) };
      return runRecorded({ flow: tree, input, runner, expected });
    }
    case 'noop-map':
      return runRecorded({ flow: noopMap, ...noop });
    case 'chain':
      return runRecorded({ flow: chain, ...noop });
    case 'fan':
      return runRecorded({ flow: fan, ...noop });
    case 'stages':
      return runRecorded({ flow: stages, ...noop });
    case 'pending':
      return runRecorded({ flow: pending, ...noop, runner: inline() });
    case 'cold-hello':
      return coldHello();
  }
}

if (import.meta.main) console.log(JSON.stringify(await execute(JSON.parse(process.argv[2] ?? '{}') as Case)));
