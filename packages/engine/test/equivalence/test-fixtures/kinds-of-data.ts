/** Values of every kind, as arguments and as results. */
import { inspect } from 'node:util';
import { flow, task } from '../../../src/index.ts';

/** An instance that is nothing but its fields. */
export class Beam {
  readonly major: number;
  readonly minor: number;
  constructor(major: number, minor: number) {
    this.major = major;
    this.minor = minor;
  }
  get area(): number {
    return this.major * this.minor;
  }
}

/** An instance with state that nobody can see. */
export class Sealed {
  readonly #secret: number;
  readonly visible = 1;
  constructor(secret: number) {
    this.#secret = secret;
  }
  reveal(): number {
    return this.#secret;
  }
}

const describe = task({ name: 'describe' }, (value: unknown) =>
  inspect(value, { depth: 9, compact: true, breakLength: 1e6 }),
);
const give = task({ name: 'give' }, (value: unknown) => value);
/** What a task sees of a value, and the value after it has been an argument and a result. */
const look = (value: unknown) => async () => [await describe(value), await give(value)];

export const numbers = flow({ name: 'numbers' }, look([0, -0, Number.NaN, Infinity, 0.1, 2n ** 70n]));
export const absent = flow({ name: 'absent' }, look({ a: undefined, b: null, c: [undefined] }));
export const texts = flow({ name: 'texts' }, look(['', 'æøå', '\u0000', '👩‍🚀']));
export const map = flow(
  { name: 'map' },
  look(
    new Map<unknown, unknown>([
      ['flux', 1],
      [2, new Map([['inner', true]])],
    ]),
  ),
);
export const set = flow({ name: 'set' }, look(new Set([1, 'two', null])));
export const date = flow({ name: 'date' }, look({ taken: new Date(Date.UTC(2024, 1, 29, 12)) }));
export const url = flow({ name: 'url' }, look(new URL('https://archive.example/data?band=6#one')));
export const regExp = flow({ name: 'reg-exp' }, look(/^spw_\d+$/giu));
export const typedArrays = flow(
  { name: 'typed-arrays' },
  look([
    new Float64Array([1.5, -2]),
    new Uint8Array([1, 2]),
    new BigInt64Array([-1n]),
    new Uint8Array([9, 8]).buffer,
  ]),
);
export const views = flow(
  { name: 'views' },
  look(new Float32Array(new Float32Array([1, 2, 3, 4]).buffer, 4, 2)),
);
export const error = flow({ name: 'error' }, async () => {
  const given = Object.assign(new RangeError('outer', { cause: new TypeError('inner') }), {
    code: 'E_GIVEN',
  });
  const back = (await give(given)) as RangeError & { code: string; cause: Error };
  return [
    back instanceof RangeError,
    back.name,
    back.message,
    back.code,
    back.cause instanceof TypeError,
    back.cause.message,
  ];
});
export const instance = flow({ name: 'instance' }, async () => {
  const back = (await give(new Beam(3, 2))) as Beam;
  return [back instanceof Beam, back.area, await describe(new Beam(3, 2))];
});
const areaOf = task({ name: 'area-of' }, (beam: Beam) => beam.area);
const beams = task({ name: 'beams' }, (count: number) =>
  Array.from({ length: count }, (_, i) => new Beam(i + 1, 2)),
);
export const instances = flow({ name: 'instances' }, async () => {
  const made = beams(3);
  return [await areaOf.map(made.then((list) => list)), (await made).map((beam) => beam.area)];
});
export const cycle = flow({ name: 'cycle' }, async () => {
  const ring: { n: number; self?: unknown } = { n: 1 };
  ring.self = ring;
  const back = (await give(ring)) as typeof ring;
  return [back.self === back, back !== ring, back.n];
});
export const sharedParts = flow({ name: 'shared-parts' }, async () => {
  const part = [1, 2];
  const [a, b] = (await give([part, part])) as [number[], number[]];
  return [a === b, a !== part, a];
});
const levels = task({ name: 'levels' }, (value: unknown) => {
  let depth = 0;
  for (let at = value; Array.isArray(at); at = at[0]) depth += 1;
  return depth;
});
/** As a tree it has tens of thousands of leaves; it is made of sixteen arrays. */
export const sharedLevels = flow({ name: 'shared-levels' }, async () => {
  let value: unknown = [1];
  for (let level = 1; level < 16; level += 1) value = [value, value];
  return levels(value);
});
export const bulky = flow({ name: 'bulky' }, async () => {
  const image = new Float64Array(20_000).map((_, i) => i);
  const back = (await give(image)) as Float64Array;
  return [back.length, back[19_999], back === image];
});
export const nested = flow(
  { name: 'nested' },
  look({ runs: [new Map([['when', new Set([new Date(0)])]])], beam: { fwhm: 1n } }),
);
const takesAny = task({ name: 'takes-any', on: 'threads' }, (value: unknown) => typeof value);
export const uncloneable = flow({ name: 'uncloneable' }, async () => {
  try {
    await takesAny({ fit: { model: () => 1 } });
    return 'none';
  } catch (thrown) {
    const { code, message } = thrown as Error & { code: string };
    return [code, message.includes('fit.model')];
  }
});
const givesFunction = task({ name: 'gives-function', on: 'threads' }, () => ({ model: () => 1 }) as unknown);
export const uncloneableResult = flow({ name: 'uncloneable-result' }, async () =>
  givesFunction().catch((thrown: unknown) => (thrown as { code: string }).code),
);
const reveals = task({ name: 'reveals', on: 'inline' }, (sealed: Sealed) => sealed.reveal());
const applies = task({ name: 'applies', on: 'inline' }, (fn: (n: number) => number) => fn(10));
export const privateState = flow({ name: 'private-state' }, async () => [
  await reveals(new Sealed(1)),
  await reveals(new Sealed(2)),
]);
export const functions = flow({ name: 'functions' }, async () =>
  Promise.all([1, 2, 3].map((factor) => applies((n) => n * factor))),
);
