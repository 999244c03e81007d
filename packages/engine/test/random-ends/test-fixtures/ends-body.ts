/** Does what a plan of ends says, by tasks and stages that threads find too. */
import { setImmediate } from 'node:timers/promises';
import {
  flow,
  group,
  loop,
  reduce,
  run,
  settled,
  skip,
  task,
  type MapFuture,
  type StandardSchema,
} from '../../../src/index.ts';
import { ambient } from '../../../src/context/ambient.ts';
import { EARLY, earlier, retriesOf, type Ends, type Failure, type Step, type TaskStep } from '../plan.ts';

/** Only for what lets it come: a limit so short is no matter of luck for whoever waits for it. */
const TIMEOUT_MS = 10;

type Body = Readonly<{ steps: readonly Step[]; path: string; ends: Ends }>;

const anyBody: StandardSchema<Body> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Body }) },
};

const work = task({ name: 'work' }, async (ends: Ends, n: number, seen: unknown, strays: boolean) => {
  await setImmediate();
  if (strays) void Promise.reject(new RangeError('left behind'));
  return end(ends, n + sumOf(seen));
});
const item = task({ name: 'item' }, async (ends: Ends, n: number) => end(ends, n));
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const stage = flow({ name: 'stage', input: anyBody }, async ({ steps, path, ends }) => {
  const sum = await perform(steps, path);
  return end(ends, sum);
});
const caller = task({ name: 'caller' }, async ({ steps, path, ends }: Body) => {
  const sum = await perform(steps, path);
  return end(ends, sum);
});

export const randomEnds = flow({ name: 'random-ends', input: anyBody }, async ({ steps, path }) =>
  perform(steps, path),
);

/** Ends an attempt as it is to end. */
async function end({ fails, how, then }: Ends, value: number): Promise<number> {
  if (fails === 'always' || (fails === 'once' && run.attempt === 1)) await fail(how);
  return then === 'skips' ? skip('so it is planned') : value;
}

async function fail(how: Failure): Promise<never> {
  switch (how) {
    case 'error':
      throw new RangeError('so it is planned');
    case 'text':
      throw 'so it is planned';
    case 'nothing':
      throw undefined;
    case 'object':
      throw { why: ['so it is planned'] };
    case 'timeout':
      await new Promise((_, reject) => {
        run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
      });
      throw new Error('the signal was not aborted');
    case 'exit':
      if (ambient.isRunnerThread) process.exit(3);
      throw new RangeError('there is no thread to be ended');
  }
}

/** The sum of the numbers in what was given: values, lists of them, or how the runs that were to give them have ended. */
function sumOf(given: unknown): number {
  if (typeof given === 'number') return given;
  if (Array.isArray(given)) return given.reduce((sum: number, one: unknown) => sum + sumOf(one), 0);
  return typeof given === 'object' && given !== null && 'value' in given ? sumOf(given.value) : 0;
}

/** The sum of what its steps give. Every failure is handled. */
async function perform(steps: readonly Step[], path: string): Promise<number> {
  const futures: PromiseLike<unknown>[] = [];
  const outcomes: PromiseLike<unknown>[] = [];
  for (const [at, step] of steps.entries()) {
    const future = start(step, futures, `${path}/${at}`);
    futures.push(future);
    outcomes.push(settled(future));
  }
  let sum = 0;
  for (const outcome of outcomes) sum += sumOf(await outcome);
  return sum;
}

function start(step: Step, done: readonly PromiseLike<unknown>[], path: string): PromiseLike<unknown> {
  switch (step.op) {
    case 'task':
    case 'strict':
      return workOf(step, done, path);
    case 'map':
      return itemsOf(step.items, path);
    case 'reduce':
      return reduce(add, itemsOf(step.items, path), { initial: 0 });
    case 'stage':
      return stage.with(optionsOf(step, path))({ steps: step.inner, path, ends: endsOf(step) });
    case 'caller':
      return caller.with(optionsOf(step, path))({ steps: step.inner, path, ends: endsOf(step) });
    case 'group':
      return group('group', async () => perform(step.inner, path));
    case 'loop':
      return loop('loop', { max: 1 }, async () => perform(step.inner, path));
  }
}

function workOf(step: TaskStep, done: readonly PromiseLike<unknown>[], path: string): PromiseLike<number> {
  const { op, n, rule, strays } = step;
  const [deps, after] = [earlier(done, step.deps), earlier(done, step.after)];
  const isEarly = EARLY.has(rule);
  const definition = work.with({
    ...optionsOf(step, path),
    ...(op === 'strict' ? { durability: 'strict', onUnknown: 'rerun' } : {}),
    after: isEarly ? [...deps, ...after] : after,
  });
  const placed = rule === 'all_success' ? definition : definition.with({ when: rule });
  return placed(endsOf(step), n, (isEarly ? [] : deps) as never, strays);
}

function itemsOf(items: readonly Ends[], path: string): MapFuture<number> {
  const retries = Math.max(0, ...items.map((one) => retriesOf(one)));
  return item.with({ tags: [path], retries }).map(items, (ends, n) => [ends, n]);
}

function optionsOf(step: Ends, path: string) {
  const isLate = step.how === 'timeout' && step.fails === 'always';
  return { tags: [path], retries: retriesOf(step), ...(isLate ? { timeout: TIMEOUT_MS } : {}) } as const;
}

/** What an attempt is told of how it is to end. */
function endsOf({ fails, how, then }: Ends): Ends {
  return { fails, how, then };
}
