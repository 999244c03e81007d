/** Arbitrary plain data, with shared parts and cycles, each value with a way to build it anew. */
import fc from 'fast-check';

export class Point {
  x: unknown;
  y: unknown;
  constructor(x: unknown, y: unknown) {
    this.x = x;
    this.y = y;
  }

  get sum(): number {
    return Number(this.x) + Number(this.y);
  }
}

/** What `structuredClone` gives back as it was. */
const cloneableLeaf = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, true, false, Number.NaN, -0, 0, 1, 2 ** 40, '', 'a', '__proto__'),
  fc.double(),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom('a', 'b').map((source) => new RegExp(source, 'giu')),
  fc.constantFrom<unknown>(1, 'boxed', false).map((boxed) => new Object(boxed)),
  fc.float64Array({ maxLength: 4 }),
  fc.uint8Array({ maxLength: 4 }),
  fc.bigInt64Array({ maxLength: 2 }),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes).buffer),
);

const ourLeaf = fc.oneof(
  cloneableLeaf,
  fc.constantFrom('a', 'b').map((at) => new URL(`https://example.org/${at}`)),
  fc.string({ maxLength: 3 }).map((text) => Buffer.from(text)),
);

function containers(leaf: fc.Arbitrary<unknown>, isOurs: boolean): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => {
    const field = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', '0', 'then'), fc.string());
    const inner = tie('value');
    return {
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.array(inner, { maxLength: 4 }),
        fc.sparseArray(inner, { maxLength: 6, maxNumElements: 3 }),
        fc.array(fc.tuple(field, inner), { maxLength: 4 }).map((fields) => {
          const record = {};
          for (const [name, value] of fields) {
            const isThenable = name === 'then' && typeof value === 'function';
            if (!isThenable) Object.defineProperty(record, name, { ...DATA, value });
          }
          return record;
        }),
        fc.array(fc.tuple(inner, inner), { maxLength: 3 }).map((entries) => new Map(entries)),
        fc.array(inner, { maxLength: 3 }).map((items) => new Set(items)),
        fc.tuple(inner).map(([shared]) => [shared, { again: shared }]),
        fc.tuple(inner).map(([part]) => {
          const cyclic: Record<string, unknown> = { part };
          cyclic['self'] = [cyclic];
          return cyclic;
        }),
        ...(isOurs
          ? [
              fc.tuple(inner, inner).map(([x, y]) => new Point(x, y)),
              fc
                .dictionary(fc.string({ maxLength: 2 }), inner, { maxKeys: 3 })
                .map((fields): unknown => Object.assign(Object.create(null), fields)),
              fc
                .tuple(fc.string(), inner)
                .map(([message, cause]) =>
                  Object.assign(new RangeError(message, { cause }), { code: 'E_X' }),
                ),
              inner.map((unit) => Object.assign([1, 2], { unit })),
            ]
          : []),
      ),
    };
  }).value;
}

const DATA = { enumerable: true, writable: true, configurable: true } as const;

/** Plain data that `structuredClone` gives back as it was. */
export const cloneableValue = containers(cloneableLeaf, false);

/** Plain data of every kind. */
export const plainValue = containers(ourLeaf, true);
