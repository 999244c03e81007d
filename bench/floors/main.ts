/**
 * The floors under the micro rows, as a system of the suite: what the same number of tasks, records or hops
 * takes with nothing around it.
 *
 *     node bench/floors/main.ts '{"row":"noop-map","n":100000,"variant":"dispatch"}'
 */
import { spawnSync } from 'node:child_process';
import type { Case } from '../suite/case.ts';
import { countedTaskRuns } from '../suite/counted-task-runs.ts';
import type { Outcome } from '../suite/outcome.ts';
import { bareDispatch } from './dispatch.ts';
import { barePingPong } from './ping-pong.ts';
import { bareUpserts } from './sqlite.ts';

async function secondsOf({ row, n, variant }: Case): Promise<number | undefined> {
  if (row === 'noop-map') return variant === 'sqlite' ? bareUpserts(n) : bareDispatch(n);
  if (row === 'chain') return barePingPong(n);
  if (row === 'cold-hello') return nodeStart();
  return undefined;
}

/** Seconds of a Node process that does nothing, the second time. */
function nodeStart(): number {
  const start = (): void => void spawnSync(process.execPath, ['-e', '0']);
  start();
  const began = performance.now();
  start();
  return (performance.now() - began) / 1000;
}

const asked = JSON.parse(process.argv[2] ?? '{}') as Case;
const tWorkflow = await secondsOf(asked);
const versions = { node: process.versions.node };
const outcome: Outcome =
  tWorkflow === undefined
    ? { cannot: 'there is no bare counterpart of this row' }
    : { tWorkflow, tasksExecuted: countedTaskRuns(asked), tasksCached: 0, versions, settings: {} };
console.log(JSON.stringify(outcome));
