import { findFutures } from '../../data/futures-in-values.ts';
import { plainInputs, type JobInputs } from '../job-inputs.ts';
import { inMemory } from '../value-handle.ts';

/** Arguments with futures among them, and the values that stand for these. */
export function givenInputs(args: readonly unknown[], values: ReadonlyMap<object, unknown>): JobInputs {
  const plain = plainInputs(args);
  return {
    ...plain,
    captured: { ...plain.captured, thenables: findFutures(args) },
    handles: new Map([...values].map(([future, value]) => [future, inMemory(value)])),
  };
}
