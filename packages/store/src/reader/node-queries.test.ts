import { expect, test } from 'vitest';
import { createBatchBuilder } from '@sidereal/core';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import { sampleHeader } from '../testing/sample-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStoreReader } from './store-reader.ts';

test('nodes may be asked for by their numbers or parents; those that are not there are left out', async () => {
  await using folder = await temporaryFolder();
  const builder = createBatchBuilder();
  builder.name({ id: 0, name: 'grid', module: '', runner: '', tags: [] });
  for (let idx = 0; idx < 10; idx += 1) {
    const kind = idx === 0 ? 'flow' : 'task';
    builder.declare({
      idx,
      key: new Uint8Array(16).fill(idx),
      parent: idx - 1,
      group: -1,
      stage: 0,
      kind,
      nameId: 0,
      timeUs: 1,
      flags: 0,
      upstream: [],
      inputs: '',
    });
  }
  {
    await using store = await openSqliteStore({ folder: folder.path });
    const journal = await store.createRun(sampleHeader('listed'), () => undefined);
    await journal.append(builder.take()!, { sync: true });
    await journal.close();
  }
  using reader = openStoreReader(folder.path);
  const among = (...numbers: number[]): number[] =>
    reader.nodes({ run: 'listed', among: numbers, limit: 100 }).map(({ idx }) => idx);
  expect(among(7, 3, 99)).toEqual([3, 7]);
  expect(among()).toEqual([]);
  expect(reader.nodes({ run: 'listed', parents: [2, 6, 99], limit: 100 }).map(({ idx }) => idx)).toEqual([
    3, 7,
  ]);
  expect(reader.nodes({ run: 'listed', among: [3, 7], after: 3, limit: 100 }).map(({ idx }) => idx)).toEqual([
    7,
  ]);
});
