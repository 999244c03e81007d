/**
 * What kind of trouble an error of SQLite is. Decides who waits, who is told and who gives up:
 *
 * - `busy`: another process holds the lock; wait and try again, tell nobody.
 * - `full`: no space, no quota, or the disk refuses writes; tell the holder, keep everything, try again.
 * - `unopenable`, `readonly`: the folder or file cannot be used as it is.
 * - `corrupt`, `foreign`: the file is not a sound database, or none at all.
 * - `other`: retrying cannot mend it.
 */
export type SqliteFailure =
  'busy' | 'full' | 'readonly' | 'unopenable' | 'corrupt' | 'foreign' | 'constraint' | 'other';

const PRIMARY: Readonly<Record<number, SqliteFailure>> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  8: 'readonly', // SQLITE_READONLY
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unopenable', // SQLITE_CANTOPEN
  19: 'constraint', // SQLITE_CONSTRAINT
  26: 'foreign', // SQLITE_NOTADB
};

/**
 * I/O errors (primary code 10) of writing: a quota that is used up appears as these, not as SQLITE_FULL.
 * A failed fsync is not among them: what it lost cannot be written again.
 * IOERR_WRITE, IOERR_TRUNCATE, IOERR_SHMOPEN, IOERR_SHMSIZE, IOERR_SHMMAP.
 */
const WRITE_FAILURES = new Set([778, 1546, 4618, 4874, 5386]);

/** Extended result code of an error of node:sqlite; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode;
}

export function classifyFailure(error: unknown): SqliteFailure {
  const code = sqliteCode(error);
  if (code === undefined) return 'other';
  if (WRITE_FAILURES.has(code)) return 'full';
  return PRIMARY[code & 0xff] ?? 'other';
}
