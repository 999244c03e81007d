import { isSiderealError } from '@sidereal/core';
import { thrownMessage } from '../../errors/thrown-message.ts';
import type { MapFuture, Settled } from '../../future/future.ts';
import { mapFailed } from '../nodes/node-errors.ts';

/** How a plain call ended, told like that of a run. */
export async function plainOutcome(call: PromiseLike<unknown>): Promise<Settled<unknown>> {
  try {
    return { state: 'completed', value: await call };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(thrownMessage(thrown), { cause: thrown });
    return { state: isSiderealError(thrown, 'SKIPPED') ? 'skipped' : 'failed', error };
  }
}

/** What `map` gives with no flow alive: the same values, and the same failure, as in a flow. */
export class PlainMap extends Promise<unknown[]> implements Pick<MapFuture<unknown>, 'isMap'> {
  readonly isMap = true;
  /** What `eachSettled` asks. */
  group: { readonly settledItems: () => Promise<Settled<unknown>[]> } | undefined;

  // Promises that come of this one by `then` are plain ones.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  static of(name: string, outcomes: Promise<Settled<unknown>[]>): PlainMap {
    const map = new PlainMap((resolve, reject) => {
      outcomes.then((each) => resolve(valuesOf(name, each))).catch(reject);
    });
    map.group = {
      settledItems: () => {
        // Whoever asks for each outcome has taken care of failures.
        map.catch(() => undefined);
        return outcomes;
      },
    };
    return map;
  }
}

function valuesOf(name: string, outcomes: readonly Settled<unknown>[]): unknown[] {
  const failed = outcomes.filter(({ state }) => state === 'failed').map(({ error }) => error);
  if (failed.length > 0) throw mapFailed(name, failed, failed.length, outcomes.length);
  return outcomes.filter(({ state }) => state === 'completed').map(({ value }) => value);
}
