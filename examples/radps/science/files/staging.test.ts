import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stagingPath, writeStaged } from './staging.ts';

let folder: string;
let dead: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staging-'));
  dead = spawnSync(process.execPath, ['--version']).pid;
});
afterEach(() => rm(folder, { recursive: true }));

describe('a name for what is under way', () => {
  it('is another one each time, beside the final one', async () => {
    const [one, two] = [await stagingPath(join(folder, 'a.json')), await stagingPath(join(folder, 'a.json'))];
    expect(one).not.toBe(two);
    for (const path of [one, two]) expect(path.startsWith(join(folder, 'a.json.partial-'))).toBe(true);
  });

  it('comes in a folder without what dead processes left there', async () => {
    const kept = [
      'a.json',
      'cube.fits.partial',
      `live.json.partial-${process.pid}-0123abcd`,
      `lost.replaced-${dead}-0123abcd`,
      `notes.partial-${dead}`,
    ];
    const left = [`a.json.partial-${dead}-0123abcd`, `a.json.replaced-${dead}-4567cdef`];
    for (const name of [...kept, ...left]) await writeFile(join(folder, name), 'x');
    await mkdir(join(folder, `observation.partial-${dead}-0123abcd`, 'spw-0'), { recursive: true });
    await stagingPath(join(folder, 'b.json'));
    expect((await readdir(folder)).toSorted()).toEqual(kept.toSorted());
  });
});

describe('a file that is written beside its place', () => {
  it('gets its name when it is whole, in a folder that is made for it', async () => {
    const path = join(folder, 'new', 'a.json');
    await writeStaged(path, (staging) => writeFile(staging, 'whole'));
    expect(await readFile(path, 'utf8')).toBe('whole');
    expect(await readdir(join(folder, 'new'))).toEqual(['a.json']);
  });

  it.each([
    ['cannot be written', 'a.json', 'no room'],
    ['cannot be renamed', 'taken', /EISDIR|ENOTEMPTY|EEXIST|EPERM/],
  ])('leaves nothing behind if it %s', async (_, name, message) => {
    await mkdir(join(folder, 'taken', 'full'), { recursive: true });
    const written = writeStaged(join(folder, name), async (staging) => {
      await writeFile(staging, 'half');
      if (name === 'a.json') throw new Error('no room');
    });
    await expect(written).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual(['taken']);
  });
});
