import { findThenables, replaceThenables } from '../../data/resolve-deep.ts';
import type { CallSite } from '../../context/scope.ts';
import { RunFuture, type FutureHost } from '../futures/run-future.ts';
import { ALL_SUCCESS } from '../nodes/resolved-options.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { asError } from '../../errors/journal-error.ts';
import { inspect } from './inspect.ts';
import { RejectedInput, rejectionIn } from './rejected-input.ts';

/** Arguments whose plain promises have come. */
export interface Literals {
  readonly args: readonly unknown[];
  readonly nodes: readonly RunNode[];
  /** The first promise that has rejected: the call is to fail. */
  readonly rejection: RejectedInput | undefined;
}

/**
 * Arguments with plain promises replaced by their values (settled under a tolerant rule) and late futures
 * submitted; and the nodes in them. A promise that rejects leaves a {@link RejectedInput} in its place.
 */
export async function literals(
  host: FutureHost,
  args: readonly unknown[],
  call: CallSite,
  rule = ALL_SUCCESS,
): Promise<Literals> {
  const isTolerant = rule !== ALL_SUCCESS;
  const values = new Map<unknown, unknown>();
  const pending: Promise<void>[] = [];
  const rejected = (thenable: unknown, error: unknown): void => {
    values.set(thenable, isTolerant ? { state: 'failed', error: asError(error) } : new RejectedInput(error));
  };
  const resolved = (thenable: unknown, value: unknown): void => {
    values.set(thenable, isTolerant ? { state: 'completed', value } : value);
  };
  findThenables(args, (thenable) => {
    if (!(thenable instanceof RunFuture)) {
      pending.push(
        Promise.resolve(thenable).then(
          (value) => resolved(thenable, value),
          (error: unknown) => rejected(thenable, error),
        ),
      );
    } else if (thenable.node === undefined) {
      thenable.isHandled = true;
      pending.push(thenable.submitted.then(noop, (error: unknown) => rejected(thenable, error)));
    }
  });
  await Promise.all(pending);
  const literal = replaceThenables(args, (thenable) =>
    values.has(thenable) ? values.get(thenable) : thenable,
  ) as readonly unknown[];
  const found = inspect(host, literal, 'a call', call);
  // What a promise gave may hold promises, and futures that are late, in turn.
  if (found.promises.length > 0) return literals(host, literal, call, rule);
  return { args: literal, nodes: found.nodes, rejection: isTolerant ? undefined : rejectionIn(literal) };
}

const noop = (): void => undefined;
