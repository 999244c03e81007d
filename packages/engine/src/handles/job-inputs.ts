import { materialize, type CapturedArguments } from '../data/captured-arguments.ts';
import { copyForReader } from '../data/futures-in-values.ts';
import { readHandle, type ValueHandle } from './value-handle.ts';

/**
 * The arguments of a job: as they were when the call was made, with futures where values of other runs stand, and
 * the handle of each of those values.
 */
export interface JobInputs {
  readonly captured: CapturedArguments;
  readonly handles: ReadonlyMap<unknown, ValueHandle>;
  /** Futures whose arguments are left out: their runs were skipped. */
  readonly leftOut?: ReadonlySet<unknown> | undefined;
  /** The job promises to change no array among them, and to keep none. */
  readonly arrays: 'own' | 'borrow';
}

const NO_HANDLES: ReadonlyMap<unknown, ValueHandle> = new Map();

/** Arguments that hold no value of another run, and that nobody changes. */
export function plainInputs(args: readonly unknown[]): JobInputs {
  const captured: CapturedArguments = {
    args,
    encoded: undefined,
    text: undefined,
    thenables: [],
    bytes: 0,
    isPlain: true,
    isRegular: false,
    needsPacking: false,
    hasLent: false,
    shape: 'nested',
  };
  return { captured, handles: NO_HANDLES, arrays: 'own' };
}

/** The arguments, for code that may do with them what it likes and that executes in this thread. */
export function ownInputs(inputs: JobInputs): readonly unknown[] {
  const { captured, handles, arrays } = inputs;
  const read = (future: object): unknown => {
    const handle = handles.get(future);
    if (handle === undefined) return future;
    const value = readHandle(handle);
    return handle.isSole ? value : copyForReader(value);
  };
  return present(inputs, materialize(captured, read, { arrays: arrays === 'own' ? 'copy' : 'borrow' }));
}

/** The arguments, for whoever copies them on their way: not to be changed. */
export function readInputs(inputs: JobInputs): readonly unknown[] {
  const { captured, handles } = inputs;
  const read = (future: object): unknown => {
    const handle = handles.get(future);
    return handle === undefined ? future : readHandle(handle);
  };
  return present(inputs, materialize(captured, read, { arrays: 'borrow', isLast: true }));
}

function present({ captured, leftOut }: JobInputs, args: readonly unknown[]): readonly unknown[] {
  return leftOut === undefined ? args : args.filter((_, at) => !leftOut.has(captured.args[at]));
}

/** Does a test hold for each argument as a whole? Values inside of arguments are not looked for. */
export function everyInput({ captured, handles }: JobInputs, test: (arg: unknown) => boolean): boolean {
  if (captured.encoded !== undefined) return false;
  return captured.args.every((arg) => {
    const handle = handles.get(arg);
    return test(handle === undefined ? arg : readHandle(handle));
  });
}
