/**
 * Why a node is in its state, wherever a person would ask: a name from this table, with words beside it
 * (the message) that say the particulars. The journal holds a reason's position here, so names are appended
 * and never moved or reused. A journal may come from a later version that knows more of them: such a reason is
 * kept, and shown by its number.
 */
export const REASONS = [
  /** Nobody would ask. */
  '',
  /** The code threw. */
  'error',
  /** The code took longer than its timeout. */
  'timed_out',
  /** What it was called with is not what it takes. */
  'invalid_input',
  /** A promise among its arguments has rejected. */
  'input_rejected',
  /** A thread, process or machine failed beneath the code. */
  'crashed',
  /** A strict task had started, and nobody knows whether its effect happened. */
  'outcome_unknown',
  /** A strict task has ended, and its result cannot be recorded. */
  'result_not_durable',
  /** The code succeeded, and a failure beneath it is handled by nothing. */
  'unhandled_failure',
  /** A run that it needs has failed. */
  'upstream_failed',
  /** Its trigger rule can no longer hold. */
  'trigger_rule',
  /** The code decided not to go on, or what it needs did. */
  'skipped',
  /** Somebody asked for it. */
  'cancelled',
  /** What it was called by is being stopped. */
  'parent_stopping',
  /** What it was called by has ended. */
  'parent_ended',
  /** Another item of its map failed, and the map does not go on then. */
  'fail_fast',
  /** Its value is needed again and was not kept. */
  'value_lost',
  /** A value that it needs is being computed again. */
  'input_lost',
  /** An earlier execution of the run left it without an end. */
  'resumed',
  /** What it was called by is tried again. */
  'parent_retried',
  /** The flow, executed again, no longer calls it. */
  'not_called',
  /** It lacks a slot of a pool. */
  'slot',
  /** It lacks memory for what it is expected to make. */
  'memory',
  /** It lacks a named resource. */
  'resource',
  /** A limit keeps it from starting. */
  'limit',
  /** An argument cannot go to where its task executes. */
  'uncloneable_argument',
  /** User code called `process.exit`. */
  'process_exit',
  /** It waits in a ring of nodes that wait for one another. */
  'deadlock',
  /** It did not stop within its grace, and was given up; what its code still does is ignored. */
  'abandoned',
  /** What executed it had to be ended because of another run. */
  'displaced',
] as const;

/** A reason by its name; empty where nobody would ask. */
export type ReasonName = (typeof REASONS)[number];

/** A reason as a journal has it: by its name, or by its number if a later version wrote it. */
export type Reason = ReasonName | `reason_${number}`;

const codes: ReadonlyMap<string, number> = new Map(REASONS.map((name, code) => [name, code]));

const MAX_CODE = 0xffff;

/** A reason's number in the journal; undefined for what is no reason. */
export function reasonCode(reason: string): number | undefined {
  const known = codes.get(reason);
  if (known !== undefined) return known;
  const [, digits] = /^reason_([1-9][0-9]{0,4})$/.exec(reason) ?? [];
  const code = Number(digits);
  return code >= REASONS.length && code <= MAX_CODE ? code : undefined;
}

/** Is this the name of a reason, as a text from elsewhere may or may not be? */
export function isReason(name: string): name is ReasonName {
  return codes.has(name);
}

/** The reason with this number, whichever version wrote it. */
export function reasonOfCode(code: number): Reason {
  return REASONS[code] ?? `reason_${code}`;
}
