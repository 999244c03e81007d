/**
 * What kind of value an object is: the one classification from which copying, digesting, measuring and
 * searching are derived. It asks the object's prototype, once per prototype; that an object is what its
 * prototype says (and no `Object.create(Map.prototype)`) is asked of the object itself.
 */
import { hasPrivateState } from './private-state.ts';

/**
 * - `record`: an object literal, or an object without a prototype
 * - `instance`: of a class that is nothing but its fields
 * - `boxed`: `new Number(1)` and its like
 * - `view`: a typed array, a DataView or a Buffer
 * - `thenable`: a future, a promise, or anything else with a `then`
 * - `opaque`: what cannot be seen through: private state, native classes, weak collections
 */
export type ValueKind =
  | 'record'
  | 'array'
  | 'instance'
  | 'map'
  | 'set'
  | 'error'
  | 'date'
  | 'pattern'
  | 'url'
  | 'boxed'
  | 'buffer'
  | 'shared-buffer'
  | 'view'
  | 'thenable'
  | 'opaque';

/** What an object's prototype says of it. */
export interface ValueClass {
  readonly kind: ValueKind;
  /** Name of its class; empty for object literals and where there is none. */
  readonly name: string;
  /** It is of a class of the author's, though its kind is one of the language's. */
  readonly isDerived: boolean;
}

const RECORD_CLASS: ValueClass = { kind: 'record', name: '', isDerived: false };
const ARRAY_CLASS: ValueClass = { kind: 'array', name: 'Array', isDerived: false };
const THENABLE_CLASS: ValueClass = { kind: 'thenable', name: '', isDerived: false };
const OPAQUE_CLASS: ValueClass = { kind: 'opaque', name: '', isDerived: false };

/** Found once for each prototype. */
const known = new WeakMap<object, ValueClass>();

/** Never throws: an object whose traps or getters do is opaque. */
export function classOf(value: object): ValueClass {
  try {
    if (Array.isArray(value) && isOfArrays(Object.getPrototypeOf(value))) return ARRAY_CLASS;
    if ('then' in value && typeof value.then === 'function') return THENABLE_CLASS;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || !isObject(prototype)) return RECORD_CLASS;
    let found = known.get(prototype);
    if (found === undefined) known.set(prototype, (found = describe(prototype)));
    return isGenuine(value, found.kind) ? found : OPAQUE_CLASS;
  } catch {
    return OPAQUE_CLASS;
  }
}

/** Is it what arrays have for a prototype, in this realm or (where a test runner makes its own) another? */
function isOfArrays(prototype: unknown): boolean {
  return prototype === Array.prototype || (isObject(prototype) && Array.isArray(prototype));
}

const BASES: ReadonlyMap<object, ValueKind> = new Map<object, ValueKind>([
  [Array.prototype, 'array'],
  [Map.prototype, 'map'],
  [Set.prototype, 'set'],
  [Error.prototype, 'error'],
  [Date.prototype, 'date'],
  [RegExp.prototype, 'pattern'],
  [URL.prototype, 'url'],
  [Number.prototype, 'boxed'],
  [String.prototype, 'boxed'],
  [Boolean.prototype, 'boxed'],
  [BigInt.prototype, 'boxed'],
  [ArrayBuffer.prototype, 'buffer'],
  [DataView.prototype, 'view'],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, 'view'],
]);

/** The base is a class of the language's: what an author's class says comes before it in the chain. */
function describe(prototype: object): ValueClass {
  const name = nameOf(prototype);
  let isOpen = true;
  let isDerived = false;
  for (let at: unknown = prototype; isObject(at); at = Object.getPrototypeOf(at)) {
    const base = typeof SharedArrayBuffer !== 'undefined' && at === SharedArrayBuffer.prototype;
    const kind = base ? 'shared-buffer' : BASES.get(at);
    // An error is told by what it says; what its class hides does not matter.
    if (kind === 'error') return { kind, name, isDerived };
    if (kind !== undefined) return isOpen ? { kind, name, isDerived } : { ...OPAQUE_CLASS, name };
    if (Object.getPrototypeOf(at) === null) {
      // Another realm's Object.prototype, if nothing came before it.
      if (at === prototype)
        return Object.hasOwn(at, 'hasOwnProperty') ? RECORD_CLASS : { ...OPAQUE_CLASS, name };
      return isOpen && isDerived ? { kind: 'instance', name, isDerived: false } : { ...OPAQUE_CLASS, name };
    }
    if (isElementType(at)) continue;
    isDerived = true;
    isOpen = isOpen && isOpenClass(at);
  }
  return { ...OPAQUE_CLASS, name };
}

const ELEMENT_TYPES: ReadonlySet<unknown> = new Set(
  ['Int8', 'Uint8', 'Uint8Clamped', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float16', 'Float32', 'Float64']
    .map((type) => `${type}Array`)
    .concat('BigInt64Array', 'BigUint64Array')
    .map((type): unknown => Reflect.get(globalThis, type)),
);

/** Is it the prototype of Float64Array or its like, which stand between an array and what they share? */
function isElementType(prototype: object): boolean {
  return ELEMENT_TYPES.has(Reflect.get(prototype, 'constructor'));
}

/** Is it the prototype of a class whose instances have no state but their fields? */
function isOpenClass(prototype: object): boolean {
  const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
  return (
    typeof constructor === 'function' &&
    constructor.prototype === prototype &&
    !hasPrivateState(constructor as () => unknown)
  );
}

/** Name of the class whose prototype it is, also where an instance has a field called `constructor`. */
function nameOf(prototype: object): string {
  const constructor: unknown = Reflect.get(prototype, 'constructor');
  return typeof constructor === 'function' ? constructor.name : '';
}

/** Has it what its prototype promises? Throws or gives false if it has not: getters ask the object itself. */
function isGenuine(value: object, kind: ValueKind): boolean {
  switch (kind) {
    case 'array':
      return Array.isArray(value);
    case 'map':
      return Reflect.get(Map.prototype, 'size', value) !== undefined;
    case 'set':
      return Reflect.get(Set.prototype, 'size', value) !== undefined;
    case 'url':
      return Reflect.get(URL.prototype, 'href', value) !== undefined;
    case 'pattern':
      return Reflect.get(RegExp.prototype, 'source', value) !== undefined;
    case 'buffer':
      return Reflect.get(ArrayBuffer.prototype, 'byteLength', value) !== undefined;
    case 'view':
      return ArrayBuffer.isView(value);
    case 'date':
      return Date.prototype.getTime.call(value) !== undefined;
    case 'boxed':
      return isBoxed(value);
    case 'record':
    case 'instance':
    case 'error':
    case 'shared-buffer':
    case 'thenable':
    case 'opaque':
      return true;
  }
}

function isBoxed(value: object): boolean {
  const tag = Object.prototype.toString.call(value);
  return (
    tag === '[object Number]' ||
    tag === '[object String]' ||
    tag === '[object Boolean]' ||
    tag === '[object BigInt]'
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
