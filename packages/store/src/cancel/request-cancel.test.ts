import { createBatchBuilder, STATE_CODE } from '@sidereal/core';
import { expect, test } from 'vitest';
import { requestCancel } from './request-cancel.ts';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import { sampleHeader } from '../testing/sample-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

test('says whether there was anyone to ask', async () => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore({ folder: folder.path });
  const journal = await store.createRun(sampleHeader('working'), () => undefined);
  const idle = await store.createRun(sampleHeader('idle'), () => undefined);
  await idle.close();
  expect(requestCancel(folder.path, 'work', { by: 'me' })).toEqual({ outcome: 'requested', run: 'working' });
  expect(requestCancel(folder.path, 'idle', { by: 'me' })).toEqual({
    outcome: 'not_live',
    run: 'idle',
    state: 'pending',
  });

  const builder = createBatchBuilder();
  builder.declare({
    idx: 0,
    key: new Uint8Array(16),
    parent: -1,
    group: -1,
    stage: 0,
    kind: 'flow',
    nameId: 0,
    timeUs: 1,
    flags: 0,
    upstream: [],
    inputs: '',
  });
  builder.transition({ idx: 0, state: STATE_CODE.running, attempt: 1, timeUs: 2 });
  builder.transition({ idx: 0, state: STATE_CODE.completed, attempt: 1, timeUs: 3 });
  await journal.append(builder.take()!, { sync: true });
  expect(requestCancel(folder.path, 'working', { by: 'me' })).toEqual({
    outcome: 'ended',
    run: 'working',
    state: 'completed',
  });
});

test('unknown runs and missing stores are told', async () => {
  await using folder = await temporaryFolder();
  expect(() => requestCancel(folder.path, 'any', { by: 'me' })).toThrow(
    expect.objectContaining({ code: 'STORE_NOT_FOUND' }),
  );
  await (await openSqliteStore({ folder: folder.path })).close();
  expect(() => requestCancel(folder.path, 'any', { by: 'me' })).toThrow(
    expect.objectContaining({ code: 'RUN_NOT_FOUND' }),
  );
});
