/** Flows by chance: what a plan of steps says, done by tasks and stages that threads find too. */
import type { TriggerRule } from '@sidereal/core';
import {
  eachSettled,
  flow,
  group,
  loop,
  reduce,
  run,
  settled,
  skip,
  task,
  type MapFuture,
} from '../../src/index.ts';
import { ambient } from '../../src/context/ambient.ts';
import { turns } from '../../src/testing/gate.ts';

export type Outcome = 'good' | 'bad' | 'none' | 'flaky';

export interface Step {
  readonly op: 'call' | 'map' | 'chain' | 'reduce' | 'stage' | 'group' | 'loop' | 'nested' | 'promise';
  readonly outcome: Outcome;
  readonly rule: TriggerRule;
  /** Earlier steps that it consumes, counted back. */
  readonly deps: readonly number[];
  readonly size: number;
  readonly wait: number;
  /** Its value is larger than the record keeps. */
  readonly isBulky: boolean;
  readonly awaited: 'no' | 'caught' | 'settled';
  readonly inner: readonly Step[];
}

async function perform({ outcome, isBulky }: Deed, wait: number): Promise<unknown> {
  await turns(wait);
  if (outcome === 'bad' || (outcome === 'flaky' && run.attempt === 1)) throw new RangeError(outcome);
  if (outcome === 'none') return skip('none');
  return isBulky ? new Float64Array(10_000) : 1;
}

/** What a task does. */
type Deed = Readonly<{ outcome: Outcome; isBulky: boolean }>;

const work = task({ name: 'work' }, async (_given: unknown, deed: Deed, wait: number) => perform(deed, wait));
const each = task({ name: 'each' }, async (_item: unknown, deed: Deed, index: number) =>
  perform(index % 2 === 0 ? { ...deed, outcome: 'good' } : deed, index % 3),
);
const add = task({ name: 'add' }, async (...parts: unknown[]) => {
  await turns(1);
  return parts[0];
});
const stage = flow({ name: 'stage', input: anything() }, async (steps: unknown) => {
  await submit(steps as readonly Step[]);
});
const nested = task({ name: 'nested' }, async (steps: readonly Step[]) => submit(steps));
/** Returns what it calls. */
const returning = task({ name: 'returning' }, (steps: readonly Step[]) => nested(steps));

/** Does what a plan says; failures that the plan does not handle are left as they are. */
export async function submit(steps: readonly Step[], place = ''): Promise<void> {
  const futures: PromiseLike<unknown>[] = [];
  const maps: MapFuture<unknown>[] = [];
  for (const one of steps) {
    const given = one.deps.flatMap((back) => futures.at(-1 - back) ?? []);
    const future = start(one, given, maps, `${place}${futures.length}`);
    futures.push(future);
    if (one.awaited === 'settled') await settled(future);
    else if (one.awaited === 'caught') await Promise.resolve(future).catch(() => undefined);
  }
}

function start(
  one: Step,
  given: PromiseLike<unknown>[],
  maps: MapFuture<unknown>[],
  place: string,
): PromiseLike<unknown> {
  const { op, outcome, rule, wait, size, inner } = one;
  const deed: Deed = { outcome, isBulky: one.isBulky };
  const options = { when: rule, retries: outcome === 'flaky' ? 1 : 0 } as const;
  const items = Array.from({ length: size }, (_, i) => i);
  switch (op) {
    case 'call':
      return work.with({ ...options, key: `${rule} ${outcome} ${place}` })(given as never, deed, wait);
    case 'promise': {
      const late = turns(wait).then(() =>
        outcome === 'bad' ? Promise.reject(new RangeError('late')) : given,
      );
      return work(late as never, deed, wait);
    }
    case 'map':
    case 'chain': {
      const source = op === 'chain' ? (maps.at(-1) ?? items) : items;
      const map = each
        .with({ retries: options.retries })
        .map(source as number[], (item, index) => [[item, ...given], deed, index], { failFast: wait === 3 });
      maps.push(map);
      if (one.awaited !== 'settled') return map;
      void eachSettled(map);
      return map;
    }
    case 'reduce':
      return reduce(add, maps.at(-1) ?? items, {
        arity: 2 + (wait % 2),
        ...(size === 0 ? { initial: 0 } : {}),
      });
    case 'stage':
      return stage.with({ retries: options.retries })(inner);
    case 'nested':
      return (wait % 2 === 0 ? nested : returning).with({ retries: options.retries })(inner);
    case 'group':
      return ambient.isRunnerThread ? submit(inner, `${place}.`) : group('group', () => submit(inner));
    case 'loop':
      return ambient.isRunnerThread
        ? submit(inner, `${place}.`)
        : loop('loop', { max: 1 + (wait % 2) }, () => submit(inner));
  }
}

function anything() {
  return {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) => ({ value }),
      types: undefined as { readonly input: unknown; readonly output: unknown } | undefined,
    },
  };
}
