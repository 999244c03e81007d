/** A really full disk: a tmpfs of a few dozen megabytes, in a mount namespace that ends with the test's process. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isMet } from '../../../../../scripts/testing/requirement.ts';
import { startChild, type Child } from '../../testing/child-process.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';

const check = fileURLToPath(new URL('../../../test-fixtures/check-store.ts', import.meta.url));

interface Checked {
  readonly batches: number;
  readonly discrepancies: readonly unknown[];
  readonly file: readonly string[];
}

/**
 * Runs the child on a small tmpfs and, whatever became of it, the check after it; the last line is the check's.
 * Without the filler there is room for the store several times over, however much a slow machine lets queue up.
 */
function onSmallDisk(folder: string, seed: number, ending: 'recover' | 'die'): Child {
  const script =
    `mount -t tmpfs -o size=32m tmpfs "${folder}" && { "$@"; rm -f "${folder}/filler"; ` +
    `"${process.execPath}" "${check}" "${folder}/store" full; }`;
  const before = ['/usr/bin/unshare', '--mount', '/bin/sh', '-c', script, 'sh'];
  return startChild('fill-the-disk.ts', [folder, String(seed), ending], { before });
}

function acknowledged(lines: readonly string[]): readonly number[] {
  return lines.filter((line) => /^\d+$/.test(line)).map(Number);
}

describe.skipIf(!isMet('tmpfs'))('a full disk', () => {
  test('stops nothing for good: commits go on in order once there is room', async () => {
    await using folder = await temporaryFolder();
    const child = onSmallDisk(folder.path, 11, 'recover');
    expect(await child.ended).toBe(0);
    const { lines } = child;
    expect(lines.filter((line) => line === 'full')).toHaveLength(3);
    expect(lines.filter((line) => line === 'recovered')).toHaveLength(3);
    expect(lines).toContain('done');
    const numbers = acknowledged(lines);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    const checked = JSON.parse(lines.at(-1) ?? '') as Checked;
    expect(checked).toMatchObject({ batches: numbers.length, discrepancies: [], file: [] });
  });

  test('and a kill in the middle of it lose nothing that was acknowledged', async () => {
    await using folder = await temporaryFolder();
    const child = onSmallDisk(folder.path, 12, 'die');
    await child.ended;
    expect(child.lines).toContain('full');
    const checked = JSON.parse(child.lines.at(-1) ?? '') as Checked;
    expect(checked).toMatchObject({ discrepancies: [], file: [] });
    expect(checked.batches).toBeGreaterThanOrEqual(Math.max(...acknowledged(child.lines)));
  });
});
