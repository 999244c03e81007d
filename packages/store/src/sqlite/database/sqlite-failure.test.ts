import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { classifyFailure } from './sqlite-failure.ts';

function failure(errcode: number): Error {
  return Object.assign(new Error('made up'), { code: 'ERR_SQLITE_ERROR', errcode });
}

test.each([
  [5, 'busy'],
  [261, 'busy'], // SQLITE_BUSY_RECOVERY
  [517, 'busy'], // SQLITE_BUSY_SNAPSHOT
  [13, 'full'],
  [778, 'full'], // SQLITE_IOERR_WRITE: a quota
  [4874, 'full'], // SQLITE_IOERR_SHMSIZE
  [1034, 'other'], // SQLITE_IOERR_FSYNC
  [266, 'other'], // SQLITE_IOERR_READ
  [11, 'corrupt'],
  [26, 'foreign'],
  [1032, 'readonly'], // SQLITE_READONLY_DBMOVED
  [14, 'unopenable'],
  [2067, 'constraint'],
])('result code %i is %s', (code, kind) => {
  expect(classifyFailure(failure(code))).toBe(kind);
});

test('an error of anything else is other', () => {
  expect(classifyFailure(new Error('no'))).toBe('other');
  expect(classifyFailure(undefined)).toBe('other');
});

test('errors of the driver carry their code', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('PRAGMA max_page_count = 2; CREATE TABLE t (bytes BLOB)');
  let caught: unknown;
  try {
    db.exec('INSERT INTO t VALUES (zeroblob(100000))');
  } catch (error) {
    caught = error;
  }
  expect(classifyFailure(caught)).toBe('full');
  db.close();
});
