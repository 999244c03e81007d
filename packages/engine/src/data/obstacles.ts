/** What keeps a value from being copied, told apart, or sent to a thread: where it is, and what it is. */
import {
  classOf,
  locate,
  ownFields,
  sparseFields,
  SiderealError,
  type Located,
  type ValueClass,
} from '@sidereal/core';
import { futuresAmong } from './futures-among.ts';
import { isShared } from './shared-values.ts';

/** Something in a value that cannot be what the value should be. */
export interface Obstacle {
  /** As code: `args[0].model.fn`. */
  readonly path: string;
  /** With its article: `the function 'apply'`. */
  readonly what: string;
}

/** The first thing that hides state, or is code, in a value called `root`; undefined if all of it can be seen. */
export function findOpaque(value: unknown, root: string): Obstacle | undefined {
  return described(
    root,
    locate(value, (part, holder) => {
      if (isFutureAmong(part, holder)) return 'skip';
      return isOpaquePart(part) ? 'stop' : 'enter';
    }),
  );
}

/**
 * The same of what cannot be sent to a thread: memory that is shared on purpose can; an instance cannot unless
 * `isKnownClass` says, of its prototype, that its class is found on the other side.
 */
export function findUntransferable(
  value: unknown,
  root: string,
  isKnownClass: (prototype: object) => boolean,
): Obstacle | undefined {
  const isStranger = (part: unknown): boolean => {
    if (typeof part !== 'object' || part === null) return false;
    const { kind, isDerived } = classOf(part);
    const hasClass = kind === 'instance' || (isDerived && kind !== 'error' && !Buffer.isBuffer(part));
    return hasClass && !isKnownClass(Object.getPrototypeOf(part) as object);
  };
  return described(
    root,
    locate(value, (part, holder) => {
      // An error arrives as what it says; what of it cannot is left behind.
      if (holder?.kind === 'error') return 'skip';
      if (isFutureAmong(part, holder) || isSharedMemory(part)) return 'skip';
      return isOpaquePart(part) || isStranger(part) ? 'stop' : 'enter';
    }),
  );
}

/** Objects looked through for hidden futures: what hides state may hold half a program. */
const MOST_OBJECTS = 4096;

/**
 * A future where none is looked for: in a field of a class, of an error, of anything that hides state. `isFuture`
 * tells them from other promises, which an object may well have.
 */
export function findHiddenFuture(
  value: unknown,
  root: string,
  isFuture: (value: object) => boolean,
): Obstacle | undefined {
  const visible = futuresAmong(value);
  return described(
    root,
    locate(
      value,
      (part, holder) => {
        if (typeof part !== 'object' || part === null) return 'skip';
        if (isShared(part)) return 'skip';
        if (isFuture(part)) return visible.has(part) && isFutureAmong(part, holder) ? 'skip' : 'stop';
        return 'enter';
      },
      MOST_OBJECTS,
    ),
  );
}

/** Throws `FUTURE_HIDDEN`. */
export function futureHidden({ path }: Obstacle, at: string | undefined): SiderealError {
  return new SiderealError(
    'FUTURE_HIDDEN',
    `${path} is a future where none is looked for: the task would get the future itself, not its value`,
    {
      at,
      remedy:
        'Pass the future as an argument of its own, or inside an array, an object literal, a Map or a Set; or await it first.',
    },
  );
}

/** Holders in which futures are found, and replaced by their values. */
function isFutureAmong(part: unknown, holder: ValueClass | undefined): boolean {
  if (typeof part !== 'object' || part === null || classOf(part).kind !== 'thenable') return false;
  switch (holder?.kind) {
    case undefined:
    case 'array':
    case 'record':
    case 'map':
    case 'set':
      return true;
    default:
      return false;
  }
}

/** Does a part hide state, or is it code? What it holds is a matter of its own. */
export function isOpaquePart(part: unknown): boolean {
  if (typeof part === 'function' || typeof part === 'symbol') return true;
  return typeof part === 'object' && part !== null && isOpaqueObject(part);
}

function isOpaqueObject(value: object): boolean {
  switch (classOf(value).kind) {
    case 'opaque':
    case 'thenable':
    case 'shared-buffer':
      return true;
    case 'record':
    case 'instance':
    case 'map':
    case 'set':
      return ownFields(value) === undefined;
    case 'array':
      return Array.isArray(value) && sparseFields(value) === undefined;
    case 'view':
      return (
        ArrayBuffer.isView(value) && (!(value.buffer instanceof ArrayBuffer) || isDetached(value.buffer))
      );
    case 'buffer':
      return value instanceof ArrayBuffer && isDetached(value);
    case 'date':
    case 'url':
      return Object.getOwnPropertyNames(value).length > 0;
    case 'pattern':
      return Object.getOwnPropertyNames(value).length > 1;
    case 'boxed':
    case 'error':
      return false;
  }
}

function isSharedMemory(part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return false;
  if (ArrayBuffer.isView(part)) return !(part.buffer instanceof ArrayBuffer);
  return classOf(part).kind === 'shared-buffer';
}

function isDetached(buffer: ArrayBuffer): boolean {
  return 'detached' in buffer && buffer.detached;
}

function described(root: string, located: Located | undefined): Obstacle | undefined {
  return located === undefined ? undefined : { path: root + located.path, what: describe(located.value) };
}

function describe(value: unknown): string {
  if (typeof value === 'symbol') return `the symbol ${String(value)}`;
  if (typeof value === 'function') {
    const kind = Function.prototype.toString.call(value).startsWith('class') ? 'class' : 'function';
    return value.name === '' ? `a ${kind}` : `the ${kind} '${value.name}'`;
  }
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  if (isSharedMemory(value)) return 'memory that is shared, and may change at any time';
  const { kind, name } = classOf(value);
  if (kind === 'view' || kind === 'buffer')
    return 'an array whose memory was given away when a task returned it (return a copy: array.slice())';
  if (kind === 'thenable') return 'a promise or future (await it first)';
  if (kind === 'record') return 'an object with a getter, a hidden field or a field named by a symbol';
  if (kind !== 'opaque') return `an instance of ${name}, a class that no module exports`;
  return `an instance of ${name === '' ? 'a class' : name}, whose state cannot be seen`;
}
