import { copyReturned, replaceFutures } from '../../data/futures-in-values.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { CodeScope } from '../nodes/code-scope.ts';

/**
 * What code of a scope has returned, as a value that the code does not share: whatever it keeps of it and changes
 * later, consumers see what was returned. Futures in arrays, objects, Maps and Sets are replaced by their values, for
 * which the code waits like for any other. Throws, or rejects with, `FUTURE_HIDDEN` and the failures of those futures.
 */
export function returnedValue(scope: CodeScope, value: unknown): unknown {
  const copy = copyReturned(value, (part) => part instanceof RunFuture);
  return copy.thenables.length === 0 ? copy.value : resolved(scope, copy.value, copy.thenables);
}

async function resolved(scope: CodeScope, value: unknown, thenables: readonly object[]): Promise<unknown> {
  const futures = [...new Set(thenables)];
  const values = await scope.within(() =>
    Promise.all(futures.map(async (future): Promise<unknown> => future)),
  );
  const byFuture = new Map<object, unknown>(futures.map((future, at) => [future, values[at]]));
  return returnedValue(
    scope,
    replaceFutures(value, (future) => byFuture.get(future)),
  );
}
