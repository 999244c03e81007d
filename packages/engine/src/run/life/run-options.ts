import type { JournalStore, ReuseRules } from '@sidereal/core';
import {
  FLAG,
  FUNCTION,
  isRecord,
  numberThat,
  objectOf,
  TEXT,
  wholeFrom,
  type OptionRule,
  type OptionTable,
  type RulesFor,
} from '../../options/option-rule.ts';
import type { ProcessEvent } from '../../process/live-run.ts';
import type { CancelPart } from './run-handle.ts';

/** How a run is started; all of it has defaults. */
export interface RunOptions {
  /** Where it is recorded; default: the configured store. It is not closed. */
  readonly store?: JournalStore;
  /** Continue this run instead of starting one. The recorded input is used. */
  readonly resume?: { readonly runId: string; readonly rules: ReuseRules; readonly takeOver: boolean };
  /** Check every scheduler invariant after every event; slow. */
  readonly validate?: boolean;
  /** Plain calls that may be outstanding; default a little over a million. More fail with `TOO_MANY_CALLS`. */
  readonly maxOutstandingCalls?: number;
  /**
   * Check that nobody changes what is declared with `shared()` or borrowed; slow. Default: whether
   * `SIDEREAL_DEBUG_VALUES` is 1.
   */
  readonly debugValues?: boolean;
  /** How long a full disk is waited for before the run gives up, ms; default 60,000. */
  readonly journalFullMs?: number;
  /** How long code that is asked to stop has for that before it is abandoned, ms; default 5,000. */
  readonly cancelGraceMs?: number;
  /** Remarks for people while it runs: changed code, a full disk, recomputation. */
  readonly onRemark?: (message: string) => void;
  /** What befalls the process while it runs (signals); default: it is said on stderr. */
  readonly onProcess?: (event: ProcessEvent) => void;
  /** Signals that stop a process stop the run even if the program has handlers of its own; default: they do not. */
  readonly ownsSignals?: boolean;
}

const STORE: OptionRule = { accepts: 'a store: await openStore(…)', isValid: isRecord };

const RESUME_RULES: RulesFor<NonNullable<RunOptions['resume']>> = {
  runId: TEXT,
  rules: { accepts: 'an object of rules, such as RESUME', isValid: isRecord },
  takeOver: FLAG,
};

const RUN_RULES: RulesFor<RunOptions> = {
  store: STORE,
  resume: objectOf({ rules: RESUME_RULES, required: ['runId', 'rules', 'takeOver'] }),
  validate: FLAG,
  maxOutstandingCalls: wholeFrom(1),
  debugValues: FLAG,
  journalFullMs: numberThat('a number of milliseconds, 0 or more', (ms) => ms >= 0),
  cancelGraceMs: numberThat('a number of milliseconds, 0 or more', (ms) => ms >= 0),
  onRemark: FUNCTION,
  onProcess: FUNCTION,
  ownsSignals: FLAG,
};

/** Which options `startRun` takes, and what each accepts. */
export const RUN_OPTIONS: OptionTable = { rules: RUN_RULES };

const PART_RULES: RulesFor<CancelPart> = {
  task: {
    accepts: 'the number of a task run, or the beginning of its key',
    isValid: (value) => Number.isInteger(value) || (typeof value === 'string' && value !== ''),
  },
};

/** What may be cancelled of a run. */
export const CANCEL_OPTIONS: OptionTable = { rules: PART_RULES };
