import type { TriggerRule } from '@sidereal/core';
import { EARLY, earlier, type Ends, type Step } from './plan.ts';

export type EndState = 'completed' | 'failed' | 'skipped' | 'upstream_failed';

interface Ended {
  readonly state: EndState;
  /** 0 if it has none. */
  readonly value: number;
}

/** How all that a plan does ends, evaluated without an engine. */
export interface Model {
  readonly value: number;
  /** Of tasks and stages, by their paths, sorted; items of a map share one. */
  readonly states: ReadonlyMap<string, readonly EndState[]>;
}

export function modelOf(steps: readonly Step[]): Model {
  const states = new Map<string, EndState[]>();
  const value = bodyOf(steps, '', states);
  for (const list of states.values()) list.sort();
  return { value, states };
}

type States = Map<string, EndState[]>;

function bodyOf(steps: readonly Step[], path: string, states: States): number {
  const done: Ended[] = [];
  let sum = 0;
  for (const [at, step] of steps.entries()) {
    const ended = endOf(step, done, `${path}/${at}`, states);
    done.push(ended);
    sum += ended.value;
  }
  return sum;
}

function endOf(step: Step, done: readonly Ended[], path: string, states: States): Ended {
  const tell = (ended: Ended): Ended => {
    const list = states.get(path);
    if (list === undefined) states.set(path, [ended.state]);
    else list.push(ended.state);
    return ended;
  };
  switch (step.op) {
    case 'task':
    case 'strict': {
      const consumed = earlier(done, step.deps);
      const decision = started(step.rule, [...consumed, ...earlier(done, step.after)]);
      if (decision !== 'start') return tell({ state: decision, value: 0 });
      const seen = EARLY.has(step.rule) ? [] : consumed;
      return tell(ofEnds(step, step.n + sumOf(seen)));
    }
    case 'map':
    case 'reduce': {
      const items = step.items.map((item, n) => tell(ofEnds(item, n)));
      const hasFailed = items.some(({ state }) => state === 'failed');
      return hasFailed ? { state: 'failed', value: 0 } : { state: 'completed', value: sumOf(items) };
    }
    case 'stage':
    case 'caller':
      return tell(ofEnds(step, bodyOf(step.inner, path, states)));
    case 'group':
    case 'loop':
      return { state: 'completed', value: bodyOf(step.inner, path, states) };
  }
}

function ofEnds({ fails, then }: Ends, value: number): Ended {
  if (fails === 'always') return { state: 'failed', value: 0 };
  return then === 'skips' ? { state: 'skipped', value: 0 } : { state: 'completed', value };
}

function sumOf(ended: readonly Ended[]): number {
  return ended.reduce((sum, { value }) => sum + value, 0);
}

/** What a rule makes of how all upstream has ended. */
function started(rule: TriggerRule, upstream: readonly Ended[]): 'start' | 'skipped' | 'upstream_failed' {
  const is = (...states: EndState[]): boolean[] => upstream.map(({ state }) => states.includes(state));
  const completed = is('completed');
  const failed = is('failed', 'upstream_failed');
  const skipped = is('skipped');
  const any = (list: readonly boolean[]): boolean => list.includes(true);
  const every = (list: readonly boolean[]): boolean => !list.includes(false);
  const orElse = (holds: boolean, otherwise: 'skipped' | 'upstream_failed') => (holds ? 'start' : otherwise);
  switch (rule) {
    case 'always':
    case 'all_done':
      return 'start';
    case 'all_success':
      return any(failed) ? 'upstream_failed' : orElse(!any(skipped), 'skipped');
    case 'all_failed':
      return orElse(every(failed), 'skipped');
    case 'one_success':
      return orElse(any(completed) || upstream.length === 0, any(failed) ? 'upstream_failed' : 'skipped');
    case 'one_failed':
      return orElse(any(failed), 'skipped');
    case 'one_done':
      return orElse(!every(skipped) || upstream.length === 0, 'skipped');
    case 'none_failed':
      return orElse(!any(failed), 'upstream_failed');
    case 'none_failed_min_one_success':
      if (any(failed)) return 'upstream_failed';
      return orElse(any(completed) || upstream.length === 0, 'skipped');
    case 'none_skipped':
      return orElse(!any(skipped), 'skipped');
    case 'all_skipped':
      return orElse(every(skipped), 'skipped');
  }
}
