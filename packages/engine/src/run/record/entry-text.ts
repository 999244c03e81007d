import { previewValue } from '../../results/preview.ts';

/** Largest body of an entry in full, characters; of a longer one a picture of each field is kept. */
const MAX_TEXT = 4 * 2 ** 20;
/** Items of a typed array in full; a longer one is shown by its size. */
const MAX_ARRAY = 64;

/**
 * What is said or made while a run executes, as JSON. What JSON cannot say must not end the task that says it:
 * it is shown in words instead.
 */
export function entryText(body: Readonly<Record<string, unknown>>): string {
  try {
    const text = JSON.stringify(body, sayable);
    if (text.length <= MAX_TEXT) return text;
  } catch {
    // A cycle, or a toJSON or getter that throws.
  }
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(body).map(([field, value]) => [
        field,
        typeof value === 'number' || typeof value === 'string' ? shortened(value) : previewed(value),
      ]),
    ),
  );
}

function shortened(value: number | string): number | string {
  return typeof value === 'number' ? value : value.slice(0, 10_000);
}

function previewed(value: unknown): string {
  try {
    return previewValue(value);
  } catch {
    return 'cannot be shown';
  }
}

function sayable(_key: string, value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'function':
    case 'symbol':
      return previewValue(value);
    case 'object':
      if (value instanceof Error)
        return { ...Object.fromEntries(Object.entries(value)), name: value.name, message: value.message };
      if (value instanceof Map || value instanceof Set) return [...value];
      if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
        const items = Array.from(value as unknown as ArrayLike<unknown>);
        return items.length > MAX_ARRAY ? previewValue(value) : items;
      }
      return value;
    default:
      return value;
  }
}
