/**
 * Flows of the durability tests, and a program that runs one of them in a process of its own:
 *
 *     node flows.ts <store folder> <flow> start|resume|takeover [journalFullMs]
 *
 * It prints one JSON line when the run's id is known and one with the outcome.
 */
import { appendFileSync } from 'node:fs';
import { openStoreReader } from '@sidereal/store';
import { flow, openStore, reduce, RESUME, run, startRun, task } from 'sidereal';

const log = process.env['EXECUTIONS'];

/** Leaves a line for every execution, outside Sidereal. */
function executed(what: string): void {
  if (log !== undefined) appendFileSync(log, `${run.key} ${what}\n`);
}

const nap = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Returns a little text that does not compress, so that the journal grows. */
const chatter = task({ name: 'chatter' }, async (n: number) => {
  executed(`chatter ${n}`);
  await nap(10);
  let text = '';
  for (let i = 0; i < 150; i += 1) text += Math.random().toString(36).slice(2);
  return { n, text };
});

/** Many small results: about 1.5 KB of journal each. */
export const talkative = flow({ name: 'talkative', concurrency: 8 }, async () => {
  const said = await chatter.map(Array.from({ length: 2000 }, (_, n) => n));
  return said.reduce((sum, { n }) => sum + n, 0);
});

const tick = task({ name: 'tick' }, async (n: number) => {
  executed(`tick ${n}`);
  await nap(Number(process.env['TICK_MS'] ?? 20));
  return n;
});

/** Goes on for some seconds. */
export const slow = flow({ name: 'slow', concurrency: 2 }, async () => {
  const ticks = await tick.map(Array.from({ length: 300 }, (_, n) => n));
  return ticks.length;
});

const make = task({ name: 'make', persist: true }, (n: number) => {
  executed(`make ${n}`);
  return new Float64Array(30_000).fill(n);
});

const sum = task({ name: 'sum' }, (array: Float64Array) => {
  executed('sum');
  return array.reduce((total, x) => total + x, 0);
});

const gate = task({ name: 'gate' }, async (before: number) => {
  executed('gate');
  if (process.env['GATE'] === 'closed') await nap(60_000);
  return before;
});

/** A persisted array, used again after the gate. */
export const keeper = flow({ name: 'keeper' }, async () => {
  const array = make(2);
  const first = await sum(array);
  const passed = await gate(first);
  const second = await sum.with({ key: 'again' })(array);
  return [first, passed, second];
});

/** Its delay comes from the environment, so that another attempt ends things in another order. */
const late = task({ name: 'late' }, async (n: number) => {
  executed(`late ${n}`);
  const seed = Number(process.env['SHUFFLE'] ?? 0);
  await nap(((n * 7 + seed * 5) % 11) * 8);
  return 10 * n;
});
const join = task(
  { name: 'join' },
  (a: string | number, b: string | number): string | number => `(${a}${b})`,
);

export const shuffled = flow({ name: 'shuffled' }, async () => {
  const calls = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => late.with({ key: `late ${n}` })(n));
  const joined = reduce(join, calls);
  const values = await Promise.all(calls);
  if (process.env['GATE'] === 'closed') await nap(60_000);
  return [await joined, ...values];
});

const flows = { talkative, slow, keeper, shuffled };

if (import.meta.main) {
  const [, , folder = '', name = '', mode = '', patience = '60000'] = process.argv;
  const definition = Object.entries(flows).find(([key]) => key === name)?.[1].definition;
  if (definition === undefined) throw new Error(`no flow ${name}`);
  await using store = await openStore(folder);
  const latest = (): string => {
    using reader = openStoreReader(folder);
    return reader.listRuns({ limit: 1 })[0]?.id ?? '';
  };
  const handle = startRun(definition, undefined, {
    store,
    journalFullMs: Number(patience),
    onRemark: (remark) => console.error(remark),
    ...(mode === 'start'
      ? {}
      : { resume: { runId: latest(), rules: RESUME, takeOver: mode === 'takeover' } }),
  });
  const tell = async (): Promise<void> => console.log(JSON.stringify({ id: await handle.id }));
  const told = Promise.allSettled([tell()]);
  const { state, value, error } = await handle.outcome;
  await told;
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  console.log(JSON.stringify({ state, value, code, message: error?.message }));
}
