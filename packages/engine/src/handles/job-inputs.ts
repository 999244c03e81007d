import { replaceThenables, thenablesIn } from '../data/futures-inside.ts';
import { readHandle, type ValueHandle } from './value-handle.ts';

/**
 * The arguments of a job: as the author wrote them, with futures where values of other runs stand, and the handle
 * of each of those values.
 */
export interface JobInputs {
  readonly template: readonly unknown[];
  readonly handles: ReadonlyMap<unknown, ValueHandle>;
}

const NO_HANDLES: ReadonlyMap<unknown, ValueHandle> = new Map();

/** Arguments that hold no value of another run. */
export function plainInputs(args: readonly unknown[]): JobInputs {
  return { template: args, handles: NO_HANDLES };
}

/** The arguments themselves; those without a future in them are the author's own objects. */
export function readInputs({ template, handles }: JobInputs): readonly unknown[] {
  if (handles.size === 0) return template;
  return template.map((arg) => {
    const whole = handles.get(arg);
    if (whole !== undefined) return readHandle(whole);
    if (typeof arg !== 'object' || arg === null || thenablesIn(arg).length === 0) return arg;
    return replaceThenables(arg, (future) => {
      const handle = handles.get(future);
      return handle === undefined ? future : readHandle(handle);
    });
  });
}

/** Does a test hold for each argument as a whole? Values inside of arguments are not looked for. */
export function everyInput({ template, handles }: JobInputs, test: (arg: unknown) => boolean): boolean {
  return template.every((arg) => {
    const handle = handles.get(arg);
    return test(handle === undefined ? arg : readHandle(handle));
  });
}
