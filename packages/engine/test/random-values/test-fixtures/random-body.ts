/** Does what a plan says, by tasks and stages. */
import { setImmediate } from 'node:timers/promises';
import { isSiderealError } from '@sidereal/core';
import { flow, group, reduce, run, task, type StandardSchema } from '../../../src/index.ts';
import { combined, consumed, REFUSED, type Step } from '../plan.ts';

/** How many turns the next task takes; whoever runs a flow sets it, so that tasks end in another order each time. */
export const pace: { turns: () => number } = { turns: () => 0 };

async function takeTurns(): Promise<void> {
  for (let left = pace.turns(); left > 0; left -= 1) await setImmediate();
}

class Sealed {
  readonly kind = 'sealed';
  readonly #secret: number;
  constructor(secret: number) {
    this.#secret = secret;
  }
  times(n: number): number {
    return n * this.#secret;
  }
}

const weigh = task({ name: 'weigh' }, async ({ n }: { n: number }, deps: readonly number[]) => {
  await takeTurns();
  return deps.reduce((sum, value) => sum + value, n);
});
const weighMap = task({ name: 'weigh-map' }, async (n: number, deps: ReadonlyMap<number, number>) => {
  await takeTurns();
  return [...deps.values()].reduce((sum, value) => sum + value, n);
});
const give = task({ name: 'give' }, async ({ n }: { n: number }) => {
  await takeTurns();
  return n;
});
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const list = task({ name: 'list' }, (n: number) => Array.from({ length: n }, (_, i) => i));
const grow = task({ name: 'grow' }, async (values: number[], label: string) => {
  values.push(0);
  await takeTurns();
  return values.length * (label === 'tens' ? 10 : 1);
});
const apply = task({ name: 'apply' }, async (fn: (n: number) => number) => {
  await takeTurns();
  return fn(10);
});
const reveal = task({ name: 'reveal' }, async (sealed: Sealed) => {
  await takeTurns();
  return sealed.times(10);
});
const scaling = (factor: number) =>
  task({ name: 'scaling' }, async (n: number) => {
    await takeTurns();
    return n * factor;
  });
const check = task({ name: 'check' }, (given: number) => given);
const wait = task({ name: 'wait' }, async (_branch: string) => takeTurns());
const nested = task({ name: 'nested' }, async (steps: readonly Step[]) => perform(steps));
const anySteps: StandardSchema<readonly Step[]> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as readonly Step[] }) },
};
const stage = flow({ name: 'stage', input: anySteps }, async (steps) => perform(steps));
export const random = flow({ name: 'random', input: anySteps }, async (steps) => perform(steps));

function* refilled(count: number): Generator<{ n: number }> {
  const item = { n: 0 };
  for (let n = 1; n <= count; n += 1) {
    item.n = n;
    yield item;
  }
}

/** One object for every call of a body, changed before and after each. */
interface Settings {
  n: number;
}

/** `path` tells waits of one scope apart. */
async function perform(steps: readonly Step[], path = ''): Promise<number> {
  const settings: Settings = { n: 0 };
  const values: PromiseLike<number>[] = [];
  for (const [at, step] of steps.entries()) {
    values.push(start(step, values, settings, `${path}/${at}`));
    if (at % 3 === 2) await values[at];
  }
  return combined(await Promise.all(values));
}

function start(
  step: Step,
  earlier: readonly PromiseLike<number>[],
  settings: Settings,
  path: string,
): PromiseLike<number> {
  switch (step.op) {
    case 'call':
      return called(settings, step.n, consumed(earlier, step.deps));
    case 'twins': {
      const deps = consumed(earlier, step.deps);
      return add(called(settings, step.n, deps), called(settings, step.n, deps));
    }
    case 'in-map':
      return weighMap(step.n, new Map(consumed(earlier, step.deps).map((dep, i) => [i, dep])) as never);
    case 'refilled':
      return reduce(add, give.map(refilled(step.n)), { initial: 0 });
    case 'map':
      return weigh({ n: 0 }, give.map(Array.from({ length: step.n }, (_, i) => ({ n: i + 1 }))));
    case 'reduce':
      return reduce(
        add,
        Array.from({ length: step.n }, (_, i) => i + 1),
        { initial: 0 },
      );
    case 'grown': {
      const values = list(step.n);
      return add(grow(values, 'ones'), grow(values, 'tens'));
    }
    case 'factory':
      return scaling(step.n)(10);
    case 'closure':
      return apply((n) => n * step.n);
    case 'private':
      return reveal(new Sealed(step.n));
    case 'keyed':
      return keyed(step.key, step.n);
    case 'drawn':
      return drawn();
    case 'stage':
      return stage(step.inner);
    case 'task':
      return nested(step.inner);
    case 'group':
      return group('group', () => perform(step.inner));
    case 'branches':
      return branched(step.branches, path);
  }
}

function called(settings: Settings, n: number, deps: readonly PromiseLike<number>[]): PromiseLike<number> {
  settings.n = n;
  const value = weigh(settings, deps);
  settings.n = -1;
  return value;
}

async function keyed(key: string, n: number): Promise<number> {
  try {
    return await give.with({ key })({ n });
  } catch (error) {
    if (isSiderealError(error, 'DUPLICATE_KEY')) return REFUSED;
    throw error;
  }
}

async function drawn(): Promise<number> {
  const given = run.random();
  return (await check(given)) === given ? 1 : 0;
}

async function branched(branches: readonly (readonly Step[])[], path: string): Promise<number> {
  const values = branches.map(async (branch, at) => {
    await wait.with({ key: `${path} ${at}` })(`${path} ${at}`);
    return perform(branch, `${path} ${at}`);
  });
  return combined(await Promise.all(values));
}
