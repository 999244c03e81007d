import { CLI_CODES } from './cli-codes.ts';
import { CORE_CODES } from './core-codes.ts';
import { ENGINE_CODES } from './engine-codes.ts';
import type { Explanation } from './explanation.ts';
import { STORE_CODES } from './store-codes.ts';

/** Every error code that Sidereal raises, by code. */
export const CATALOGUE: ReadonlyMap<string, Explanation> = new Map(
  [CLI_CODES, ENGINE_CODES, STORE_CODES, CORE_CODES]
    .flatMap((codes) => Object.entries(codes))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);
