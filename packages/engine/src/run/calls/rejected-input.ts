import { isNest } from '../../data/resolve-deep.ts';

/** Stands among a call's arguments for a plain promise that has rejected: the call fails without running. */
export class RejectedInput {
  readonly name: string;
  readonly message: string;
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
    this.name = error instanceof Error ? error.name : 'Thrown';
    this.message = error instanceof Error ? error.message : String(error);
  }

  get error(): unknown {
    return this.#error;
  }
}

/** The first rejected promise that stood in a value, if any. */
export function rejectionIn(value: unknown): RejectedInput | undefined {
  if (value instanceof RejectedInput) return value;
  if (!isNest(value)) return undefined;
  for (const item of Object.values(value)) {
    const found = rejectionIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
