import { checkOptions } from '../options/check-options.ts';
import type { MapSource } from '../context/scope.ts';
import { MAP_OPTIONS } from './call-option-rules.ts';
import type { MapOptions } from './call-options.ts';
import { assertItems } from './map-items.ts';

/**
 * What a `map` was given: `map(items, options?)` or `map(items, args, options?)`. Throws `NOT_ITERABLE` and
 * `INVALID_OPTION`, with the user's line.
 *
 * @param what the call as it stands in messages: `grid.map`
 */
export function mapSource(
  what: string,
  items: unknown,
  second: MapSource['args'] | MapOptions<unknown>,
  third: MapOptions<unknown> | undefined,
): MapSource {
  const args = typeof second === 'function' ? second : undefined;
  const options = (typeof second === 'function' ? third : second) ?? {};
  checkOptions(what, MAP_OPTIONS, options);
  assertItems(items, what);
  const { key, failFast = false } = options;
  return { items, args, key, failFast };
}
