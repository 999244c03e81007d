/**
 * What it costs to run a task that does nothing on the threads runner: microseconds of wall time a job with the
 * runner kept full, and the time of one hop of a chain in which each job starts when the one before has ended.
 *
 *     node packages/engine/bench/threads-dispatch.ts [jobs]
 */
import type { TaskDefinition } from '../src/definitions/task-definition.ts';
import { plainInputs } from '../src/handles/job-inputs.ts';
import type { Runner, RunnerHost } from '../src/runners/runner.ts';
import { threadsRunner } from '../src/runners/threads/threads-runner.ts';
import { asyncNoop, noop, smallObject } from '../test-fixtures/runners/noop.ts';

const JOBS = Number(process.argv[2] ?? 100_000);
const HOPS = 5_000;

interface Load {
  readonly task: TaskDefinition;
  readonly arg: (n: number) => unknown;
  readonly usesPrefetch: boolean;
}

async function fill(size: number, jobs: number, load: Load): Promise<number> {
  let started = 0;
  let ended = 0;
  const done = Promise.withResolvers<void>();
  const more = (): void => {
    const most = runner.capacity + (load.usesPrefetch ? runner.prefetch : 0);
    while (started < jobs && started - ended < most) start(runner, started++, load);
  };
  const host = hostOf((_id, error) => {
    if (error !== undefined) done.reject(error);
    ended++;
    if (ended === jobs) done.resolve();
    else more();
  });
  const runner = threadsRunner({ size, prewarm: true })(host);
  await warm(size);
  const from = performance.now();
  more();
  await done.promise;
  const us = ((performance.now() - from) * 1000) / jobs;
  await runner.close();
  return us;
}

/** One dependent job after another: median and 90th percentile of a hop, milliseconds. */
async function hop(make: (host: RunnerHost) => Runner, load: Load): Promise<string> {
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  let from = 0;
  const host = hostOf((id, error) => {
    if (error !== undefined) done.reject(error);
    times.push(performance.now() - from);
    from = performance.now();
    if (id === HOPS) done.resolve();
    else start(runner, id + 1, load);
  });
  const runner = make(host);
  from = performance.now();
  start(runner, 0, load);
  await done.promise;
  await runner.close();
  times.sort((a, b) => a - b);
  const at = (part: number): string => (times[Math.floor(times.length * part)] ?? Number.NaN).toFixed(3);
  return `median ${at(0.5)} ms, 90 % ${at(0.9)} ms, 99 % ${at(0.99)} ms`;
}

function start(runner: Runner, id: number, { task, arg }: Load): void {
  const info = { runId: 'bench', key: '0123456789abcdef0123456789abcdef', name: task.name, attempt: 1 };
  runner.start({ id, idx: id, attempt: 1, task, inputs: plainInputs([arg(id)]), info });
}

function hostOf(ended: (id: number, error: unknown) => void): RunnerHost {
  return {
    ended: (id, outcome) => ended(id, 'error' in outcome ? outcome.error : undefined),
    inScope: (_id, code) => code(),
    performed: () => {},
    begun: () => Promise.reject(new Error('no groups here')),
    bodyEnded: () => {},
    awaited: () => Promise.reject(new Error('no children here')),
    suspended: () => undefined,
    strayed: () => undefined,
  };
}

/** Lets threads come up and load the module. */
function warm(size: number): Promise<void> {
  return new Promise<void>((resolve) => setTimeout(resolve, 300 + 60 * size));
}

const loads: Record<string, Load> = {
  'no-op': { task: noop, arg: (n) => n, usesPrefetch: true },
  'no-op, async': { task: asyncNoop, arg: (n) => n, usesPrefetch: true },
  'no-op, one at a time': { task: noop, arg: (n) => n, usesPrefetch: false },
  'small object': { task: smallObject, arg: (n) => ({ n }), usesPrefetch: true },
};

for (const [name, load] of Object.entries(loads)) {
  for (const size of [2, 4, 16]) {
    const us = await fill(size, JOBS, load);
    console.log(`${name}, ${size} threads: ${us.toFixed(1)} µs a job, ${Math.round(1e6 / us)} jobs/s`);
  }
}
const load: Load = { task: noop, arg: (n) => n, usesPrefetch: true };
console.log(`hop, 1 thread: ${await hop(threadsRunner({ size: 1 }), load)}`);
console.log(`hop, 16 threads: ${await hop(threadsRunner({ size: 16, prewarm: true }), load)}`);
