import type { ValueClass } from './class-of.ts';
import { fieldOf, isDense } from './own-fields.ts';

/** How a part is reached from what holds it. */
export type PartRole = 'item' | 'field' | 'key' | 'value' | 'member';

/** `key`: the index of an item, the name of a field, the key of a map's value. */
export type PartVisitor = (part: unknown, role: PartRole, key: unknown) => void;

/**
 * Gives each part of an object to `visit`: items, fields, entries, and of an error what it says of itself but
 * its text. Getters are not called; what is only memory or text has no parts. Never throws by itself.
 */
export function forEachPart(value: object, { kind }: ValueClass, visit: PartVisitor): void {
  switch (kind) {
    case 'array':
      if (Array.isArray(value)) visitItems(value, visit);
      return;
    case 'map':
      if (!(value instanceof Map)) return;
      for (const [key, part] of value) {
        visit(key, 'key', key);
        visit(part, 'value', key);
      }
      return visitFields(value, visit);
    case 'set':
      if (!(value instanceof Set)) return;
      for (const part of value) visit(part, 'member', part);
      return visitFields(value, visit);
    case 'error':
      visitHidden(value, 'cause', visit);
      visitHidden(value, 'errors', visit);
      return visitFields(value, visit);
    case 'record':
    case 'instance':
    case 'opaque':
      return visitFields(value, visit);
    case 'date':
    case 'pattern':
    case 'url':
    case 'boxed':
    case 'buffer':
    case 'shared-buffer':
    case 'view':
    case 'thenable':
  }
}

function visitItems(array: readonly unknown[], visit: PartVisitor): void {
  // A sparse one, or one whose items are more than values.
  if (!isDense(array)) return visitFields(array, visit);
  for (let i = 0; i < array.length; i += 1) visit(array[i], 'item', i);
}

function visitFields(value: object, visit: PartVisitor): void {
  for (const name of namesOf(value)) visit(fieldOf(value, name), 'field', name);
}

/** A field that errors hide from enumeration; one that is not hidden is met as a field. */
function visitHidden(value: object, name: string, visit: PartVisitor): void {
  const field = Object.getOwnPropertyDescriptor(value, name);
  if (field?.enumerable === false) visit(field.value, 'field', name);
}

/** A proxy's traps may throw. */
function namesOf(value: object): readonly string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The step to a part as a person writes it: `.model`, `[3]`, `["a b"]`, `.get("k")`. */
export function stepText(role: PartRole, key: unknown): string {
  switch (role) {
    case 'item':
      return `[${mapKeyText(key)}]`;
    case 'field':
      if (typeof key !== 'string') return '';
      if (NAME.test(key)) return `.${key}`;
      return /^\d+$/.test(key) ? `[${key}]` : `[${mapKeyText(key)}]`;
    case 'key':
      return ' (a key of the map)';
    case 'value':
      return `.get(${mapKeyText(key)})`;
    case 'member':
      return ' (a member of the set)';
  }
}

function mapKeyText(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key);
  if (typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') return `${key}`;
  return key === null || key === undefined ? `${key}` : '…';
}
