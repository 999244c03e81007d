/** Arbitrary inputs of tasks, each as a description from which equal values can be built more than once. */
import fc from 'fast-check';

/** What a value is, in a form that two equal values share: nested arrays of texts, fields in order of their keys. */
export type Description = readonly (string | Description)[];

export interface DescribedValue {
  readonly description: Description;
  /** Builds the value anew; `turn` rotates the order of object keys, which must not matter. */
  readonly build: (turn: number) => unknown;
}

export class Point {
  readonly x: unknown;
  readonly y: unknown;
  constructor(x: unknown, y: unknown) {
    this.x = x;
    this.y = y;
  }
}

class Vector extends Point {}

/** Stands for a task's future: canonical text asks for its key. */
export class Future {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }

  then(): void {}
}

function literal(kind: string, text: string, value: unknown): DescribedValue {
  return { description: [kind, text], build: () => value };
}

/** Texts that look like pieces of canonical text, or trip an encoder. */
const awkward = ['', 'a', 'b', '1', 'n1', 's1:a', ',', '=', '}', ']', '\n', '__proto__', '\ud800', '\ud801'];
const text = fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 3 }));
const small = fc.constantFrom(0, -0, 1, -1, 2, 0.1, Number.NaN, Infinity, -Infinity, 1e21, 2 ** 53);
const bytes = fc.array(fc.nat(2), { maxLength: 4 });

const VIEWS: Readonly<Record<string, (buffer: ArrayBuffer) => ArrayBufferView>> = {
  Uint8Array: (buffer) => new Uint8Array(buffer),
  Int8Array: (buffer) => new Int8Array(buffer),
  Uint16Array: (buffer) => new Uint16Array(buffer),
  Float32Array: (buffer) => new Float32Array(buffer),
  Float64Array: (buffer) => new Float64Array(buffer),
  DataView: (buffer) => new DataView(buffer),
};

const leaf: fc.Arbitrary<DescribedValue> = fc.oneof(
  small.map((n) => literal('number', Object.is(n, -0) ? '-0' : String(n), n)),
  text.map((s) => literal('string', s, s)),
  fc.boolean().map((b) => literal('boolean', String(b), b)),
  fc.constantFrom(null, undefined).map((nothing) => literal('nothing', String(nothing), nothing)),
  fc.integer({ min: -2, max: 2 }).map((n) => literal('bigint', String(n), BigInt(n))),
  fc.constantFrom(0, 1, Number.NaN).map((ms) => literal('date', String(ms), new Date(ms))),
  fc.constantFrom('a', 'b').map((key) => literal('future', key, new Future(key))),
  fc.constantFrom('a', 'b').map((at) => literal('url', at, new URL(`https://example.org/${at}`))),
  fc.constantFrom(/a/, /a/g, /b/).map((pattern) => literal('pattern', String(pattern), pattern)),
  fc.constantFrom(1, 2).map((n) => literal('boxed number', String(n), new Object(n))),
  fc.constantFrom('1', '2').map((s) => literal('boxed string', s, new Object(s))),
  bytes.map((of) => literal('buffer', String(of), Uint8Array.from(of).buffer)),
  fc.tuple(fc.constantFrom(...Object.entries(VIEWS)), bytes).map(([[name, view], of]) => {
    const { buffer } = Uint8Array.from([...of, ...of, ...of, ...of, ...of, ...of, ...of, ...of]);
    return literal(`view ${name}`, String(of), view(buffer));
  }),
);

function container(inner: fc.Arbitrary<DescribedValue>): fc.Arbitrary<DescribedValue> {
  const items = fc.array(inner, { maxLength: 3 });
  const fields = fc.uniqueArray(fc.tuple(text, inner), { maxLength: 3, selector: ([key]) => key });
  return fc.oneof(
    items.map((of) => listed('array', of, (built) => built)),
    items.map((of) => listed('set', distinct(of), (built) => new Set(built))),
    fields.map((of) => ({
      description: [
        'map',
        ...of.flatMap(([key, value]): Description => [['string', key], value.description]),
      ],
      build: (turn: number) => new Map(of.map(([key, value]) => [key, value.build(turn)])),
    })),
    fc.tuple(fields, fc.boolean()).map(([of, hasPrototype]) => record(of, hasPrototype)),
    fc.tuple(inner, inner, fc.boolean()).map(([x, y, isVector]) => ({
      description: [isVector ? 'vector' : 'point', x.description, y.description],
      build: (turn: number) => new (isVector ? Vector : Point)(x.build(turn), y.build(turn)),
    })),
    fc.tuple(text, fc.boolean()).map(([message, isType]) => ({
      description: ['error', String(isType), message],
      build: () => (isType ? new TypeError(message) : new Error(message)),
    })),
  );
}

function listed(
  kind: string,
  items: readonly DescribedValue[],
  make: (built: unknown[]) => unknown,
): DescribedValue {
  return {
    description: [kind, ...items.map(({ description }) => description)],
    build: (turn: number) => make(items.map((item) => item.build(turn))),
  };
}

/** A Set keeps equal primitives once. */
function distinct(items: readonly DescribedValue[]): DescribedValue[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const value = item.build(0);
    const isNew = !seen.has(value);
    seen.add(value);
    // A Set turns -0 into 0.
    return isNew && !Object.is(value, -0);
  });
}

function record(
  fields: readonly (readonly [string, DescribedValue])[],
  hasPrototype: boolean,
): DescribedValue {
  const inOrder = [...fields].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    description: ['record', ...inOrder.flatMap(([key, value]): Description => [key, value.description])],
    build: (turn: number) => {
      const made: object = hasPrototype ? {} : (Object.setPrototypeOf({}, null) as object);
      for (let at = 0; at < fields.length; at += 1) {
        const [key, value] = fields[(at + turn) % fields.length] ?? [''];
        Object.defineProperty(made, key, { value: value?.build(turn), enumerable: true });
      }
      return made;
    },
  };
}

/** Any one input. */
export const anyInput: fc.Arbitrary<DescribedValue> = fc.letrec<{ value: DescribedValue }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, container(tie('value'))),
})).value;

/** Two inputs that are often equal, or nearly so. */
export const twoInputs: fc.Arbitrary<readonly [DescribedValue, DescribedValue]> = fc.oneof(
  fc.tuple(leaf, leaf),
  fc.tuple(anyInput, anyInput),
  anyInput.map((value) => [value, value] as const),
  fc.tuple(leaf, leaf, anyInput).chain(([a, b, around]) =>
    fc.constantFrom<readonly [DescribedValue, DescribedValue]>(
      [listed('array', [a, around], (built) => built), listed('array', [b, around], (built) => built)],
      [record([['k', a]], true), record([['k', b]], true)],
      [
        record([['k', a]], true),
        record(
          [
            ['k', a],
            ['l', b],
          ],
          true,
        ),
      ],
      [listed('array', [a, b], (built) => built), listed('array', [b, a], (built) => built)],
    ),
  ),
);
