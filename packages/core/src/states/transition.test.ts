import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SiderealError } from '../errors.ts';
import {
  FIRST_ACTIVE,
  FIRST_ENDED,
  hasEnded,
  hasSucceeded,
  isActive,
  kindOf,
  STATE_CODE,
  STATES,
  stateOf,
  type EndedState,
  type State,
} from './state.ts';
import { canTransition, nextStates, transition } from './transition.ts';

const CODES = STATES.map((state) => STATE_CODE[state]);

describe('states', () => {
  test('there are twenty-one, and their codes never change: they are in every journal', () => {
    expect(Object.entries(STATE_CODE)).toEqual([
      ['scheduled', 0],
      ['late', 1],
      ['pending', 2],
      ['queued', 3],
      ['deferred', 4],
      ['awaiting_retry', 5],
      ['paused', 6],
      ['suspended', 7],
      ['running', 8],
      ['retrying', 9],
      ['waiting', 10],
      ['cancelling', 11],
      ['completed', 12],
      ['cached', 13],
      ['skipped', 14],
      ['failed', 15],
      ['upstream_failed', 16],
      ['crashed', 17],
      ['cancelled', 18],
      ['rolled_back', 19],
      ['removed', 20],
    ]);
    for (const state of STATES) expect(stateOf(STATE_CODE[state])).toBe(state);
    expect(() => stateOf(21)).toThrow(RangeError);
  });

  test('kinds are contiguous, so that codes compare', () => {
    for (const state of STATES) {
      const code = STATE_CODE[state];
      const kind = code >= FIRST_ENDED ? 'ended' : code >= FIRST_ACTIVE ? 'active' : 'idle';
      expect(kindOf(state)).toBe(kind);
      expect(isActive(state)).toBe(kind === 'active');
      expect(hasEnded(state)).toBe(kind === 'ended');
    }
    expect(STATES.filter(hasSucceeded)).toEqual(['completed', 'cached']);
  });

  test('the prose above the table lists each state once, under its kind', () => {
    const source = readFileSync(new URL('state.ts', import.meta.url), 'utf8');
    const prose = source.slice(0, source.indexOf('*/'));
    const listed: Record<string, string[]> = {};
    let kind = '';
    for (const line of prose.split('\n')) {
      const heading = /\*\*(Idle|Active|Ended)\*\*/.exec(line);
      if (heading !== null) kind = heading[1]!.toLowerCase();
      const entry = /^ \* - `(\w+)` +\S/.exec(line);
      if (entry !== null) (listed[kind] ??= []).push(entry[1]!);
    }
    const expected = Object.groupBy(STATES, kindOf);
    for (const each of ['idle', 'active', 'ended'] as const)
      expect([...(listed[each] ?? [])].sort()).toEqual([...(expected[each] ?? [])].sort());
  });
});

describe('transition table', () => {
  /** The edges out of ended states: a person's mark, retry or recomputation, rollback, removal. */
  const OUT_OF_ENDED: Readonly<Record<EndedState, readonly State[]>> = {
    completed: ['failed', 'skipped', 'pending', 'rolled_back', 'removed'],
    cached: ['completed', 'failed', 'skipped', 'pending', 'rolled_back', 'removed'],
    skipped: ['completed', 'failed', 'pending', 'removed'],
    failed: ['completed', 'skipped', 'pending', 'awaiting_retry', 'removed'],
    upstream_failed: ['completed', 'failed', 'skipped', 'pending', 'removed'],
    crashed: ['completed', 'failed', 'skipped', 'pending', 'awaiting_retry', 'removed'],
    cancelled: ['completed', 'failed', 'skipped', 'pending', 'removed'],
    rolled_back: ['pending', 'removed'],
    removed: ['pending'],
  };

  test('every state can be reached from pending', () => {
    const reached = new Set<State>(['pending']);
    for (const state of reached) for (const next of nextStates(state)) reached.add(next);
    expect(reached.size).toBe(STATES.length);
  });

  test('every state that has not ended can end in cancelled', () => {
    const stuck = STATES.filter(
      (state) =>
        !hasEnded(state) && !canTransition(state, 'cancelled') && !canTransition(state, 'cancelling'),
    );
    expect(stuck).toEqual([]);
  });

  test('ended states are left by the documented edges only', () => {
    const left = STATES.filter(hasEnded).map((state) => [state, [...nextStates(state)].sort()]);
    expect(Object.fromEntries(left)).toEqual(
      Object.fromEntries(Object.entries(OUT_OF_ENDED).map(([state, next]) => [state, [...next].sort()])),
    );
  });

  test('code starts from an idle state, or goes on after it waited for what it called', () => {
    const starting = STATES.filter(
      (state) => canTransition(state, 'running') || canTransition(state, 'retrying'),
    );
    expect(starting.filter((state) => kindOf(state) !== 'idle')).toEqual(['waiting']);
  });

  test('waiting is entered from code that executes, and ends as that does', () => {
    expect(STATES.filter((state) => canTransition(state, 'waiting'))).toEqual(['running', 'retrying']);
    const executing = new Set(nextStates('running'));
    expect(nextStates('waiting').filter((state) => !executing.has(state))).toEqual(['running', 'retrying']);
    expect(
      nextStates('running')
        .filter((state) => hasEnded(state))
        .sort(),
    ).toEqual(
      nextStates('waiting')
        .filter((state) => hasEnded(state))
        .sort(),
    );
  });

  test('cancelling only ends, or goes back to wait for an input', () => {
    const others = nextStates('cancelling').filter((state) => !hasEnded(state));
    expect(others).toEqual(['pending']);
  });

  test('no state follows itself, but for another reason of waiting', () => {
    expect(STATES.filter((state) => canTransition(state, state))).toEqual(['queued']);
  });

  test('transition returns the new code along an edge and throws on any other pair, however odd', () => {
    const odd = [...CODES, -1, 21, 23, 25, 255, Number.NaN];
    const wrong = odd
      .flatMap((from) => odd.map((to) => ({ from, to, outcome: outcomeOf(from, to) })))
      .filter(({ from, to, outcome }) => {
        const isEdge =
          CODES.includes(from) && CODES.includes(to) && canTransition(stateOf(from), stateOf(to));
        return outcome !== (isEdge ? to : 'INVALID_TRANSITION');
      });
    expect(wrong).toEqual([]);
    expect(() => transition(STATE_CODE.completed, STATE_CODE.running)).toThrow(
      expect.objectContaining({
        code: 'INVALID_TRANSITION',
        message: 'a run cannot go from completed to running',
      }),
    );
  });
});

function outcomeOf(from: number, to: number): number | string {
  try {
    return transition(from, to);
  } catch (error) {
    if (error instanceof SiderealError) return error.code;
    throw error;
  }
}
