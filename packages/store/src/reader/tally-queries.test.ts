import { expect, test } from 'vitest';
import { createBatchBuilder, STATE_CODE, VALUE_STORAGE, type NodeKind } from '@sidereal/core';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import { sampleHeader } from '../testing/sample-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStoreReader } from './store-reader.ts';

test('task runs are tallied by place, name and state; what tasks call counts under their stage', async () => {
  await using folder = await temporaryFolder();
  const builder = createBatchBuilder();
  const declare = (
    idx: number,
    parent: number,
    stage: number,
    kind: NodeKind,
    nameId: number,
    flags = 0,
  ): void =>
    builder.declare({
      idx,
      key: new Uint8Array(16).fill(idx),
      parent,
      group: -1,
      stage,
      kind,
      nameId,
      timeUs: 1,
      flags,
      upstream: [],
      inputs: '',
    });
  for (const [id, name] of ['flow', 'grid', 'clean'].entries()) {
    builder.name({ id, name, module: '', runner: '', tags: [] });
  }
  declare(0, -1, 0, 'flow', 0);
  declare(1, 0, 0, 'map', 1);
  for (const idx of [2, 3, 4]) declare(idx, 1, 0, 'task', 1);
  declare(5, 0, 0, 'stage', 2);
  declare(6, 5, 5, 'task', 2, 1);
  declare(7, 6, 5, 'task', 1);
  for (const [idx, startedUs] of [
    [2, 30],
    [3, 20],
  ] as const) {
    builder.transition({ idx, state: STATE_CODE.running, attempt: 1, timeUs: startedUs });
    builder.value({
      idx,
      attempt: 1,
      storage: idx === 2 ? VALUE_STORAGE.none : VALUE_STORAGE.inline,
      bytes: new Uint8Array(1),
      size: 1,
    });
    builder.transition({ idx, state: STATE_CODE.completed, attempt: 1, timeUs: startedUs + 100 });
  }
  {
    await using store = await openSqliteStore({ folder: folder.path });
    const journal = await store.createRun(sampleHeader('tallied'), () => undefined);
    await journal.append(builder.take()!, { sync: true });
    await journal.close();
  }
  using reader = openStoreReader(folder.path);
  expect(reader.tallies('tallied')).toEqual([
    {
      parent: 1,
      isNested: false,
      name: 'grid',
      state: 'completed',
      count: 2,
      startedUs: 20,
      endedUs: 130,
      strict: 0,
      durable: 1,
    },
    {
      parent: 1,
      isNested: false,
      name: 'grid',
      state: 'pending',
      count: 1,
      startedUs: undefined,
      endedUs: undefined,
      strict: 0,
      durable: 0,
    },
    {
      parent: 5,
      isNested: false,
      name: 'clean',
      state: 'pending',
      count: 1,
      startedUs: undefined,
      endedUs: undefined,
      strict: 1,
      durable: 0,
    },
    {
      parent: 5,
      isNested: true,
      name: 'grid',
      state: 'pending',
      count: 1,
      startedUs: undefined,
      endedUs: undefined,
      strict: 0,
      durable: 0,
    },
  ]);
  expect(reader.schemaVersion).toBe(2);
});
