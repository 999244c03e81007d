import { define } from './define.ts';

const module = import.meta.url;

let kept: Float64Array | undefined;
const table = new Float64Array(16).fill(2);
const bigTable = new Float64Array(100_000).fill(3);

/** Returns an array and keeps hold of it. */
export const makeArray = define(module, 'make-array', (length: number) => {
  kept = new Float64Array(length).fill(1);
  return { nested: [kept] };
});
/** Length of what `make-array` kept. */
export const keptLength = define(module, 'kept-length', () => kept?.length);

/** Returns a part of an array that it keeps. */
export const makePart = define(module, 'make-part', (length: number) => {
  kept = new Float64Array(length).fill(1);
  return kept.subarray(1);
});

export const returnTable = define(module, 'return-table', () => table);
export const returnBigTable = define(module, 'return-big-table', () => bigTable);

export const scale = define(module, 'scale', (values: Float64Array, by: number) => {
  for (let index = 0; index < values.length; index++) values[index] = (values[index] ?? 0) * by;
  return values.length;
});

export const sharedSquare = define(module, 'shared-square', (length: number) => {
  const shared = new Float64Array(new SharedArrayBuffer(length * 8));
  shared.fill(length);
  return shared;
});

export const twice = define(module, 'twice', () => {
  const array = new Float64Array(20_000).fill(5);
  return { a: array, b: array, bytes: new Uint8Array(array.buffer) };
});

declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};
/** Memory that can be copied and not handed over. */
export function fixedMemory(pages: number): ArrayBuffer {
  return new WebAssembly.Memory({ initial: pages }).buffer;
}
export const wasm = define(module, 'wasm', () => fixedMemory(2));

export const closure = define(module, 'closure', () => ({ filters: [{ name: 'box', apply: () => 1 }] }));
export const weakMap = define(module, 'weak-map', () => new WeakMap());
export const symbol = define(module, 'symbol', () => Symbol('unit'));

export class Beam {
  readonly width = 3;
  readonly #secret = 4;
  area(): number {
    return this.width * this.#secret;
  }
}
export const beam = define(module, 'beam', () => new Beam());

class Local {
  readonly x = 1;
}
export const makeLocal = (): object => new Local();
/** Gives, or takes, an instance of a class that is not exported. */
export const unexported = define(module, 'unexported', (..._given: unknown[]) => [new Local()]);

export const outcomes = define(module, 'outcomes', (settled: readonly { readonly error?: Error }[]) => {
  const [first] = settled;
  return {
    isError: first?.error instanceof Error,
    seen: Object.assign({ name: first?.error?.name, message: first?.error?.message }, first?.error),
    again: { state: 'failed', error: Object.assign(new RangeError('made here'), { code: 'OUT' }) },
  };
});
