import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkVersion, migrate, storeVersion } from './migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';

let db: DatabaseSync;
beforeEach(() => {
  db = new DatabaseSync(':memory:');
});
afterEach(() => {
  db.close();
});

const steps = [
  { version: 1, name: 'a', sql: 'CREATE TABLE a (x INTEGER)' },
  { version: 2, name: 'b', sql: 'CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (1)' },
  { version: 3, name: 'c', sql: 'ALTER TABLE a ADD COLUMN y TEXT' },
];

test('the steps are numbered from 2 without a gap', () => {
  expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 2));
});

test('an empty database becomes a store, once', () => {
  expect(storeVersion(db)).toEqual({ kind: 'empty' });
  migrate(db, 'x.db', steps);
  migrate(db, 'x.db', steps);
  expect(storeVersion(db)).toEqual({ kind: 'store', version: 3 });
  expect(db.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 1 });
});

test('a store goes on from whichever step it has come to', () => {
  migrate(db, 'x.db', steps.slice(0, 1));
  expect(storeVersion(db)).toEqual({ kind: 'store', version: 1 });
  migrate(db, 'x.db', steps);
  expect(db.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 1, y: null }]);
});

test('a step that fails leaves nothing of itself', () => {
  const broken = [
    steps[0]!,
    { version: 2, name: 'broken', sql: 'CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1)' },
  ];
  expect(() => migrate(db, 'x.db', broken)).toThrow('nowhere');
  expect(storeVersion(db)).toEqual({ kind: 'store', version: 1 });
  expect(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'b'").get()).toEqual({ n: 0 });
  migrate(db, 'x.db', steps);
  expect(storeVersion(db)).toEqual({ kind: 'store', version: 3 });
});

test('a later version is refused, naming both', () => {
  migrate(db, 'x.db', steps);
  expect(() => migrate(db, 'x.db', steps.slice(0, 2))).toThrow(
    expect.objectContaining({ code: 'STORE_TOO_NEW', message: expect.stringContaining('3') }),
  );
});

test('a store that is older than the first step is refused, naming both and what to do', () => {
  migrate(db, 'x.db', steps.slice(0, 1));
  for (const open of [
    () => migrate(db, 'x.db', steps.slice(1)),
    () => checkVersion(storeVersion(db), 'x.db'),
  ]) {
    expect(open).toThrow(
      expect.objectContaining({
        code: 'STORE_TOO_OLD',
        message: 'the store x.db has schema version 1; this Sidereal reads 2 and later',
        remedy: expect.stringContaining('Move its folder away'),
      }),
    );
  }
  expect(storeVersion(db)).toEqual({ kind: 'store', version: 1 });
});

test("somebody else's database is refused", () => {
  db.exec('CREATE TABLE theirs (x INTEGER)');
  expect(() => checkVersion(storeVersion(db), 'x.db')).toThrow(
    expect.objectContaining({ code: 'STORE_FOREIGN' }),
  );
  db.exec('PRAGMA user_version = 1; PRAGMA application_id = 7');
  expect(() => migrate(db, 'x.db', steps)).toThrow(expect.objectContaining({ code: 'STORE_FOREIGN' }));
});
