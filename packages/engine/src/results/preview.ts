import { isThenable } from '../future/future.ts';

const LIMIT = 160;

/** A bounded, human-readable picture of a call's inputs: `(64, 'J1851+0035', Float64Array(1310720))`. */
export function previewArgs(
  args: readonly unknown[],
  futureText: (value: object) => string | undefined,
): string {
  let text = '(';
  for (let i = 0; i < args.length; i += 1) {
    if (i > 0) text += ', ';
    text += shown(args[i], futureText, LIMIT - text.length);
    if (text.length >= LIMIT) return `${text.slice(0, LIMIT - 1)}…`;
  }
  return `${text})`;
}

/** A bounded, human-readable picture of a value. */
export function previewValue(value: unknown): string {
  return shown(value, () => undefined, LIMIT).slice(0, LIMIT);
}

/** A getter or proxy that throws must not end what only wanted to look. */
function shown(value: unknown, futureText: (value: object) => string | undefined, room: number): string {
  try {
    return preview(value, futureText, room, 0);
  } catch {
    return '(cannot be shown)';
  }
}

function preview(
  value: unknown,
  futureText: (value: object) => string | undefined,
  room: number,
  depth: number,
): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return String(value);
    case 'string':
      return value.length > room ? `'${value.slice(0, Math.max(room - 1, 8))}…'` : `'${value}'`;
    case 'function':
      return futureText(value) ?? `function ${value.name}`;
    case 'object':
      return value === null ? 'null' : previewObject(value, futureText, room, depth);
  }
}

function previewObject(
  value: object,
  futureText: (value: object) => string | undefined,
  room: number,
  depth: number,
): string {
  const future = futureText(value);
  if (future !== undefined) return future;
  if (isThenable(value)) return 'future';
  if (ArrayBuffer.isView(value)) {
    const length = 'length' in value ? Number(value.length) : value.byteLength;
    return `${value.constructor.name}(${length})`;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, room);
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size})`;
  const isArray = Array.isArray(value);
  if (depth >= 3) return isArray ? `Array(${value.length})` : '{…}';
  let text = isArray ? '[' : '{ ';
  let first = true;
  for (const key of Object.keys(value)) {
    if (!first) text += ', ';
    first = false;
    if (text.length >= room) return `${text}…`;
    const item = (value as Record<string, unknown>)[key];
    text += isArray ? '' : `${key}: `;
    text += preview(item, futureText, room - text.length, depth + 1);
  }
  return isArray ? `${text}]` : `${text} }`;
}
