import type { ErrorRecord } from '@sidereal/core';
import { packErrors, unpackErrors } from './packed-errors.ts';
import { decodeThrown, encodeThrown } from './thrown.ts';
import { contentsOf } from './value-contents.ts';

/** How something ended, as a message carries it. */
export type EncodedOutcome =
  | {
      readonly type: 'returned';
      readonly value: unknown;
      /** The value holds errors, packed by {@link packErrors}. */
      readonly isPacked: boolean;
    }
  | { readonly type: 'threw'; readonly error: ErrorRecord };

/** A value that something came to. */
export function encodeReturned(value: unknown): EncodedOutcome {
  const isPacked = contentsOf(value).hasErrors;
  return { type: 'returned', value: isPacked ? packErrors(value) : value, isPacked };
}

/** What something threw. */
export function encodeThrew(error: unknown): EncodedOutcome {
  return { type: 'threw', error: encodeThrown(error) };
}

/** Back to plain values; the outcome is a clone that nobody else has. */
export function decodeOutcome(
  outcome: EncodedOutcome,
):
  | { readonly type: 'returned'; readonly value: unknown }
  | { readonly type: 'threw'; readonly error: unknown } {
  if (outcome.type === 'threw') return { type: 'threw', error: decodeThrown(outcome.error) };
  return { type: 'returned', value: outcome.isPacked ? unpackErrors(outcome.value) : outcome.value };
}
