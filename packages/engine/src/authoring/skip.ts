import { skipped } from '../run/nodes/node-errors.ts';

/** Ends the task or stage that calls it as skipped, with a reason. */
export function skip(reason: string): never {
  throw skipped(reason);
}
