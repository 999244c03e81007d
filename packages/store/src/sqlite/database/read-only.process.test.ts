/** A store on a medium that nobody can write, such as an archive: a tmpfs that is mounted again, read-only. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMet } from '../../../../../scripts/testing/requirement.ts';
import { startChild } from '../../testing/child-process.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const check = fileURLToPath(new URL('../../../test-fixtures/check-store.ts', import.meta.url));

describe.skipIf(!isMet('tmpfs'))('a store that cannot be written', () => {
  test('can be read', async () => {
    await using folder = await temporaryFolder();
    const script =
      `mount -t tmpfs -o size=20m tmpfs "${folder.path}" && "$@" && ` +
      `mount -o remount,ro "${folder.path}" && "${process.execPath}" "${check}" "${folder.path}/store" some`;
    const before = ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', script, 'sh'];
    const child = startChild('append-some.ts', [`${folder.path}/store`, '5', 'plain'], { before });
    expect(await child.ended).toBe(0);
    expect(JSON.parse(child.lines.at(-1) ?? '')).toMatchObject({ batches: 5, discrepancies: [], file: [] });
  });
});
