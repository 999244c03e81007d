import { SiderealError } from '../errors.ts';
import { STATE_CODE, STATES, type State, type StateCode } from './state.ts';

const starts = ['running', 'retrying'] as const;
/** Where an attempt goes that was lost without having ended: its node begins again. */
const restarts = ['awaiting_retry', 'pending', 'queued'] as const;
const stops = ['skipped', 'upstream_failed', 'crashed', 'cancelled', 'cached'] as const;
const ends = ['completed', 'failed', 'skipped', 'crashed', 'cancelled'] as const;
const waits = ['deferred', 'paused', 'suspended'] as const;
/** Retry by a person or a policy, or recomputation of a lost value, begins again at `pending`. */
const again = ['pending', 'removed'] as const;
/** A person may overrule an outcome. */
const marks = ['completed', 'failed', 'skipped'] as const;

/** From each state, the states that may follow. This table is the only place that says so. */
const NEXT: Readonly<Record<State, readonly State[]>> = {
  scheduled: ['late', 'pending', 'queued', ...starts, ...stops],
  late: ['pending', 'queued', ...starts, ...stops],
  // `completed` and `failed` straight from idle: groups, loops and stages whose children were all recorded.
  pending: [
    'scheduled',
    'queued',
    'awaiting_retry',
    ...starts,
    ...stops,
    'completed',
    'failed',
    'removed',
    ...waits,
  ],
  // `queued` again: what it lacks has changed.
  queued: ['queued', 'pending', 'awaiting_retry', ...starts, ...stops, 'failed', 'removed', ...waits],
  deferred: ['queued', 'pending', ...starts, ...stops, 'failed', 'removed'],
  awaiting_retry: ['queued', 'pending', ...starts, ...stops, 'failed', 'removed'],
  paused: ['queued', 'pending', 'suspended', ...starts, ...ends, 'cancelling'],
  suspended: ['queued', 'pending', 'paused', ...starts, ...ends],
  running: ['waiting', 'cancelling', ...restarts, 'upstream_failed', ...waits, ...ends],
  retrying: ['waiting', 'cancelling', ...restarts, 'upstream_failed', ...waits, ...ends],
  waiting: [...starts, 'cancelling', ...restarts, 'upstream_failed', ...ends],
  cancelling: [...ends, 'pending'],
  completed: ['rolled_back', 'failed', 'skipped', ...again],
  cached: ['rolled_back', 'completed', 'failed', 'skipped', ...again],
  skipped: ['completed', 'failed', ...again],
  failed: ['awaiting_retry', 'completed', 'skipped', ...again],
  upstream_failed: [...marks, ...again],
  crashed: ['awaiting_retry', ...marks, ...again],
  cancelled: [...marks, ...again],
  rolled_back: [...again],
  removed: ['pending'],
};

const size = STATES.length;
const allowed = new Uint8Array(size * size);
for (const from of STATES) {
  for (const to of NEXT[from]) allowed[STATE_CODE[from] * size + STATE_CODE[to]] = 1;
}

/** May a run in state `from` go to state `to`? */
export function canTransition(from: State, to: State): boolean {
  return allowed[STATE_CODE[from] * size + STATE_CODE[to]] === 1;
}

/**
 * The one way from a state to the next: returns `to`, or throws `INVALID_TRANSITION`. By code, for the
 * scheduler's columns and the store's fold.
 */
export function transition(from: StateCode, to: StateCode): StateCode {
  if (to >= 0 && to < size && allowed[from * size + to] === 1) return to;
  throw new SiderealError(
    'INVALID_TRANSITION',
    `a run cannot go from ${STATES[from] ?? from} to ${STATES[to] ?? to}`,
    { remedy: 'This is a defect in Sidereal; report it with the run id.' },
  );
}

/** Every state that may follow `from`, for documentation and tests. */
export function nextStates(from: State): readonly State[] {
  return NEXT[from];
}
