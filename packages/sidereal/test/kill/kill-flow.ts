/**
 * The flow that the kill campaign kills: a child process that starts it, or resumes the one run of its store.
 * Every execution of a task leaves a line in a log of its own, written at once and outside Sidereal, so that
 * the test can count what really ran.
 *
 *     node kill-flow.ts <store folder> <log file> start|resume
 */
import { appendFileSync } from 'node:fs';
import { openStoreReader } from '@sidereal/store';
import {
  flow,
  loop,
  openStore,
  reduce,
  RESUME,
  run,
  settled,
  sleep,
  startRun,
  task,
  threads,
} from 'sidereal';

const [, , folder = '', log = '', mode = ''] = process.argv;

/** One line an execution; a single small append is atomic. */
function ran(what: string): void {
  appendFileSync(log, `${run.key} ${what}\n`);
}

const nap = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const double = task({ name: 'double' }, async (n: number, ms: number) => {
  ran(`double ${n}`);
  await nap(ms);
  return 2 * n;
});

const add = task({ name: 'add' }, (a: number, b: number) => {
  ran('add');
  return a + b;
});

export const onThread = task({ name: 'on-thread', on: 'threads' }, (n: number) => {
  const until = performance.now() + 3;
  while (performance.now() < until);
  return n + 1;
});

const big = task({ name: 'big', persist: true }, (n: number) => {
  ran(`big ${n}`);
  return new Float64Array(20_000).fill(n);
});

const fleeting = task({ name: 'fleeting' }, (n: number) => new Float64Array(20_000).fill(n));

const total = task({ name: 'total' }, (array: Float64Array) => {
  ran('total');
  return array.reduce((sum, x) => sum + x, 0);
});

const pay = task({ name: 'pay', durability: 'strict' }, async (n: number) => {
  ran(`strict ${n}`);
  await nap(4);
  return n;
});

const flaky = task({ name: 'flaky', retries: 2 }, (n: number) => {
  ran(`flaky ${n}`);
  if (run.attempt === 1) throw new Error('first attempts fail');
  return n;
});

const part = flow({ name: 'part' }, async () => {
  const doubles = double.with({ on: 'inline' }).map([1, 2, 3, 4, 5, 6, 7, 8], (n) => [n, (n * 7) % 5]);
  return reduce(add.with({ on: 'inline' }), doubles);
});

const whole = flow({ name: 'whole', concurrency: 6, runner: threads(2) }, async () => {
  const inline = { on: 'inline' } as const;
  const first = part();
  const array = big.with(inline)(3);
  const summed = total.with(inline)(array);
  const other = total.with(inline)(fleeting.with(inline)(5));
  const paid: number[] = [];
  for (const n of [1, 2, 3]) {
    const { value } = await settled(pay.with(inline)(n));
    paid.push(value ?? 0);
  }
  const solved = await loop('solve', { max: 4 }, async (cycle) => {
    const sums = await double.with(inline).map([10, 20, 30], (n) => [n + cycle.index, 3]);
    cycle.metric('sum', sums.length);
    if (cycle.index === 2) cycle.exit('converged');
    return sums.reduce((a, b) => a + b, 0);
  });
  await sleep(20);
  const threaded = await onThread.map([1, 2, 3, 4]);
  const dice = [run.random(), run.random()];
  const retried = await flaky.with(inline)(7);
  const values = [await first, await summed, await other, solved.value, ...threaded, retried];
  return { values, paid, dice, cycles: solved.cycles };
});

if (import.meta.main) {
  await using store = await openStore(folder);
  const resume = (): { runId: string; rules: typeof RESUME; takeOver: boolean } => {
    using reader = openStoreReader(folder);
    const [latest] = reader.listRuns({ limit: 1 });
    return { runId: latest?.id ?? '', rules: RESUME, takeOver: false };
  };
  const options = mode === 'resume' ? { store, resume: resume() } : { store };
  const outcome = await startRun(whole.definition, undefined, options).outcome;
  if (outcome.error !== undefined) console.error(outcome.error);
  console.log(JSON.stringify({ state: outcome.state, value: outcome.value }));
}
