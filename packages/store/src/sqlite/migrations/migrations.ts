import { journals } from './0001-journals.ts';
import type { Migration } from './migration.ts';

/** Every step, in order: element i has version i + 1. */
export const MIGRATIONS: readonly Migration[] = [journals];

/** Version of the schema that this code reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** `PRAGMA application_id` of a store: the bytes `SDRL`. */
export const APPLICATION_ID = 0x5344524c;
