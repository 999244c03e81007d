import { journals } from './0002-journals.ts';
import type { Migration } from './migration.ts';

/**
 * Every step, in order and numbered without a gap. A store that is older than what the first step makes is
 * refused: number 1 was never promised to be read, every number from the first on is.
 */
export const MIGRATIONS: readonly Migration[] = [journals];

/** Version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = lastVersion(MIGRATIONS);

/** Version that the last of these steps makes. */
export function lastVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/** `PRAGMA application_id` of a store: the bytes `SDRL`. */
export const APPLICATION_ID = 0x5344524c;
