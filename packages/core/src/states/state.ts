/**
 * The states of a task run, a flow run and every group between them, and the one transition table.
 *
 * **Idle** (nothing of the user's executes, nothing is held)
 * - `scheduled`       has a start time in the future.
 * - `late`            its start time passed and nobody took it.
 * - `pending`         submitted; its inputs are not ready. The state everything begins in.
 * - `queued`          inputs are ready; lacks a slot, memory or a limit, which the reason names.
 * - `deferred`        waits for an event, a time or a poll, and holds no slot meanwhile.
 * - `awaiting_retry`  an attempt failed; the next one starts at a known time.
 * - `paused`          waits for a human while its process lives.
 * - `suspended`       waits for a human; its process has gone.
 *
 * **Active** (an attempt's code has begun and has not ended)
 * - `running`         the first attempt's code executes.
 * - `retrying`        a later attempt's code executes.
 * - `waiting`         its code waits for what it called and gave its slot back. Only task runs enter it: flows,
 *                     stages, loops and groups hold no slot and stay `running`. Entered from `running` or
 *                     `retrying`, and left for the one that it came from once it has a slot again. Its attempt
 *                     may also end there, because its code went on by another way than what it called, or was
 *                     abandoned: at a limit, on request, with its thread. It is lost like a running one, and
 *                     begins again.
 * - `cancelling`      was asked to stop and has not stopped yet.
 *
 * **Ended** (left only by retry, mark-by-a-person, loss of the value, rollback, or removal on resume)
 * - `completed`       returned a value.
 * - `cached`          took its value from another run, by explicit policy.
 * - `skipped`         decided not to run, with a reason; or its upstream did, under `all_success`.
 * - `failed`          the user's code failed; a time-out is a reason of it.
 * - `upstream_failed` its trigger rule can no longer hold.
 * - `crashed`         the infrastructure failed: thread, process, node, walltime, memory.
 * - `cancelled`       stopped on request.
 * - `rolled_back`     completed, then undone by its transaction.
 * - `removed`         no longer called by the flow when it was resumed.
 *
 * The numeric codes are part of the journal format: they never change, and kinds lie together. A new state
 * therefore raises the format's version.
 */
export const STATES = [
  'scheduled',
  'late',
  'pending',
  'queued',
  'deferred',
  'awaiting_retry',
  'paused',
  'suspended',
  'running',
  'retrying',
  'waiting',
  'cancelling',
  'completed',
  'cached',
  'skipped',
  'failed',
  'upstream_failed',
  'crashed',
  'cancelled',
  'rolled_back',
  'removed',
] as const;

export type State = (typeof STATES)[number];
export type IdleState =
  'scheduled' | 'late' | 'pending' | 'queued' | 'deferred' | 'awaiting_retry' | 'paused' | 'suspended';
export type ActiveState = 'running' | 'retrying' | 'waiting' | 'cancelling';
export type EndedState = Exclude<State, IdleState | ActiveState>;
export type StateKind = 'idle' | 'active' | 'ended';

/** A state's number in the journal and in typed arrays. */
export type StateCode = number;

const codes = Object.fromEntries(STATES.map((state, code) => [state, code])) as Record<State, StateCode>;

/** Numeric code of a state, as the journal and the scheduler's columns hold it. */
export const STATE_CODE: Readonly<Record<State, StateCode>> = Object.freeze(codes);

/** First code that is active, and first that is ended: kinds are contiguous, so that hot paths compare numbers. */
export const FIRST_ACTIVE: StateCode = codes.running;
export const FIRST_ENDED: StateCode = codes.completed;

/** The state with this code. Throws on a code that no version of the table has had. */
export function stateOf(code: StateCode): State {
  const state = STATES[code];
  if (state === undefined) throw new RangeError(`no state has the code ${code}`);
  return state;
}

export function kindOf(state: State): StateKind {
  const code = STATE_CODE[state];
  return code >= FIRST_ENDED ? 'ended' : code >= FIRST_ACTIVE ? 'active' : 'idle';
}

/** An attempt's code has begun and has not ended: it may have had an effect that nobody has recorded. */
export function isActive(state: State): state is ActiveState {
  return kindOf(state) === 'active';
}

export function hasEnded(state: State): state is EndedState {
  return STATE_CODE[state] >= FIRST_ENDED;
}

/** Ended in a way that satisfies `all_success`: there is a value. */
export function hasSucceeded(state: State): boolean {
  return state === 'completed' || state === 'cached';
}
