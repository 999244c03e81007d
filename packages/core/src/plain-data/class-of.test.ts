import { describe, expect, test } from 'vitest';
import { runInNewContext } from 'node:vm';
import { classOf, type ValueKind } from './class-of.ts';

class Point {
  x = 1;
}
class Vector extends Point {
  length(): number {
    // No '#private' here: "#neither", `#nor` this /* #comment */.
    return this.x;
  }
}
class Secret {
  readonly #x = 1;
  get x(): number {
    return this.#x;
  }
}
class MoreSecret extends Secret {
  y = 2;
}
class Counted {
  static #count = 0;
  n = (Counted.#count += 1);
}
class Hidden {
  #help(): number {
    return 1;
  }
  help(): number {
    return this.#help();
  }
}
class List extends Array<number> {}
class SecretList extends Array<number> {
  readonly #unit = 'Jy';
  get unit(): string {
    return this.#unit;
  }
}
class Sized extends Map<string, number> {}
class Bytes extends Uint8Array {}
class Failure extends RangeError {
  readonly #why = 1;
  get why(): number {
    return this.#why;
  }
}
function Old(this: { x: number }): void {
  this.x = 1;
}
const old = Reflect.construct(Old, []) as object;

describe('classOf', () => {
  test.each<[ValueKind, string, object]>([
    ['record', 'an object literal', {}],
    ['record', 'an object without a prototype', Object.create(null)],
    ['record', 'an object of another realm', runInNewContext('({ a: 1 })')],
    ['array', 'an array', []],
    ['array', 'an array of another realm', runInNewContext('[1]')],
    ['opaque', 'a map of another realm', runInNewContext('new Map()')],
    ['array', 'an array of a class of its own', new List()],
    ['opaque', 'one that hides state', new SecretList()],
    ['instance', 'an instance of a class', new Point()],
    ['instance', 'one of a derived class', new Vector()],
    ['instance', 'one whose class counts in private', new Counted()],
    ['instance', 'one of a function', old],
    ['opaque', 'one with a private field', new Secret()],
    ['opaque', 'one whose base has a private field', new MoreSecret()],
    ['opaque', 'one with a private method', new Hidden()],
    ['opaque', 'a prototype that is no class', Object.create({ a: 1 })],
    ['opaque', 'an impostor', Object.create(Date.prototype)],
    ['opaque', 'a WeakMap', new WeakMap()],
    ['opaque', 'a class of the platform', new AbortController()],
    ['opaque', 'a generator', (function* () {})()],
    ['map', 'a map', new Map()],
    ['map', 'a map of a class of its own', new Sized()],
    ['set', 'a set', new Set()],
    ['error', 'an error', new TypeError('x')],
    ['error', 'an error of a class of its own, whatever it hides', new Failure('x')],
    ['error', 'a DOMException', new DOMException('x', 'AbortError')],
    ['date', 'a date', new Date()],
    ['pattern', 'a regular expression', /x/],
    ['url', 'a URL', new URL('file:///x')],
    ['boxed', 'a boxed number', new Object(1)],
    ['boxed', 'a boxed bigint', new Object(1n)],
    ['opaque', 'a boxed symbol', new Object(Symbol('x'))],
    ['buffer', 'a buffer', new ArrayBuffer(1)],
    ['shared-buffer', 'shared memory', new SharedArrayBuffer(1)],
    ['view', 'a typed array', new Float64Array(1)],
    ['view', 'one of a class of its own', new Bytes(1)],
    ['view', 'a Buffer', Buffer.from('x')],
    ['view', 'a DataView', new DataView(new ArrayBuffer(1))],
    ['thenable', 'a promise', Promise.resolve()],
    ['thenable', 'anything with a then', { then: () => undefined }],
    ['record', 'something whose then is no function', { then: 1 }],
    ['opaque', 'a proxy that throws', throwing()],
  ])('%s: %s', (kind, _what, value) => {
    expect(classOf(value).kind).toBe(kind);
    // The second time it is known.
    expect(classOf(value).kind).toBe(kind);
  });

  test('names the class, and says whether it is derived', () => {
    expect(classOf(new Vector())).toEqual({ kind: 'instance', name: 'Vector', isDerived: false });
    expect(classOf(new Sized())).toEqual({ kind: 'map', name: 'Sized', isDerived: true });
    expect(classOf(new Float64Array(1))).toEqual({ kind: 'view', name: 'Float64Array', isDerived: false });
    expect(classOf(new RangeError('x'))).toMatchObject({ name: 'RangeError' });
    expect(classOf(new Secret())).toMatchObject({ name: 'Secret' });
  });
});

function throwing(): object {
  return new Proxy(
    {},
    {
      getPrototypeOf: () => {
        throw new Error('trap');
      },
    },
  );
}
