import type { Flow } from '../../src/index.ts';
import type { RunRecord } from '../../src/testing/run-record.ts';

/** A small flow, and what it must come to wherever its tasks run. */
export interface Program {
  readonly flow: Flow<void, unknown>;
  /** What it gives, written by hand; undefined also if it fails. */
  readonly value?: unknown;
  /** What it fails with; absent if it completes. */
  readonly error?: { readonly name?: string; readonly code?: string; readonly message?: unknown };
  /** How its flow run ends; default: completed, or failed if there is an `error`. */
  readonly state?: 'skipped';
  /** What the record must say of it, beyond being the same everywhere. */
  readonly see?: (record: RunRecord) => void;
  /** Why its record may differ from run to run, though its value does not. */
  readonly differs?: string;
  /** Why some of its tasks run again whenever it is gone on with: they cannot be known again. */
  readonly reruns?: string;
  /** Options of the flow matter to it, so that it says nothing as a stage of another. */
  readonly isTopLevel?: true;
  /** It has strict tasks: cut off at any moment, one of them may be in doubt. */
  readonly isStrict?: true;
  /** It tells of its attempts, of which a retry or a kill makes more. */
  readonly tellsAttempts?: true;
  /** It says nothing when it is gone on with: what it proves is refused before anything runs, say. */
  readonly isRunOnce?: true;
  /** It has so many runs that not every invariant can be checked after every event. */
  readonly isLarge?: true;
}
