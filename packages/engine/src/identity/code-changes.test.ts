import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeEntry, readCodeEntry, type JournalStore, type RecordedCode } from '@sidereal/core';
import { openSqliteStore } from '@sidereal/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CodeChanges } from './code-changes.ts';
import { ModuleNames } from './module-names.ts';

let storeFolder: string;
let store: JournalStore;
beforeAll(async () => {
  storeFolder = mkdtempSync(join(tmpdir(), 'sidereal-changes-store-'));
  store = await openSqliteStore({ folder: storeFolder });
});
afterAll(async () => {
  await store.close();
  rmSync(storeFolder, { recursive: true });
});

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sidereal-changes-')));
  write('flow.ts', "import './tasks.ts';");
  write('tasks.ts', "import './lib.ts';");
  write('lib.ts', 'export const gain = 1;');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
}

function url(name: string): string {
  return pathToFileURL(join(folder, name)).href;
}

interface Attempt {
  readonly changes: CodeChanges;
  /** All that is in the record at its end. */
  readonly record: readonly RecordedCode[];
}

/** An attempt of a run that uses both modules and has looked at them. */
async function attempt(recorded: readonly RecordedCode[], sinceUs: number): Promise<Attempt> {
  const record = [...recorded];
  const changes = new CodeChanges({
    modules: new ModuleNames(url('flow.ts')),
    recorded,
    sinceUs,
    fingerprint: (request) => store.fingerprint(request),
    // As it comes back from a journal.
    record: (code) => record.push(readCodeEntry(JSON.stringify(codeEntry(code)))!),
  });
  for (const name of ['flow.ts', 'tasks.ts', 'tasks.ts']) changes.use(url(name));
  changes.use('');
  await changes.settled();
  return { changes, record };
}

describe('changes of code between the attempts of a run', () => {
  it('are none where nothing has changed, and nothing is recorded twice', async () => {
    const first = await attempt([], 0);
    expect(first.record.map(({ module }) => module)).toEqual(['./flow.ts', './tasks.ts']);
    expect(first.changes.changeIn(url('tasks.ts'), 10)).toBeUndefined();
    const second = await attempt(first.record, 100);
    expect(second.record).toEqual(first.record);
    expect(second.changes.changeIn(url('tasks.ts'), 10)).toBeUndefined();
  });

  it('name the helper, for the values that were made before', async () => {
    const first = await attempt([], 0);
    write('lib.ts', 'export const gain = 2;');
    const second = await attempt(first.record, 100);
    expect(second.changes.changeIn(url('tasks.ts'), 10)).toBe('./lib.ts has changed');
    expect(second.record).toHaveLength(4);
    // What ran again in the second attempt is as new as its code; what was kept is not.
    const third = await attempt(second.record, 200);
    expect(third.record).toHaveLength(4);
    expect(third.changes.changeIn(url('tasks.ts'), 10)).toBe('./lib.ts has changed');
    expect(third.changes.changeIn(url('tasks.ts'), 150)).toBeUndefined();
    // Back to the first code: now it is the other way round.
    write('lib.ts', 'export const gain = 1;');
    const fourth = await attempt(third.record, 300);
    expect(fourth.changes.changeIn(url('tasks.ts'), 10)).toBeUndefined();
    expect(fourth.changes.changeIn(url('tasks.ts'), 150)).toBe('./lib.ts has changed');
  });

  it('are not known of modules that were not looked at, or not recorded', async () => {
    const { changes } = await attempt([], 0);
    expect(changes.changeIn(url('tasks.ts'), 10)).toBeUndefined();
    expect(changes.changeIn(url('lib.ts'), 10)).toBeUndefined();
    expect(changes.changeIn('', 10)).toBeUndefined();
  });

  it('do not fail a run whose store has failed', async () => {
    const changes = new CodeChanges({
      modules: new ModuleNames(url('flow.ts')),
      recorded: [],
      sinceUs: 0,
      fingerprint: () => Promise.reject(new RangeError('closed')),
      record: () => {
        throw new RangeError('nothing is to be recorded');
      },
    });
    changes.use(url('flow.ts'));
    await changes.settled();
    expect(changes.changeIn(url('flow.ts'), 0)).toBeUndefined();
  });
});
