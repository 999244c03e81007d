import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ResultFiles } from './result-files.ts';

let folder: string;
let files: ResultFiles;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sidereal-results-'));
  files = new ResultFiles(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const all = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);

describe('a result file', () => {
  it.each([
    ['an array', new Float64Array([1.5, -0, Number.NaN]), '.npy'],
    ['a part of an array', new Int32Array([1, 2, 3]).subarray(1, 2), '.npy'],
    ['anything else', { image: new Float32Array([1]), name: 'J1851', when: new Date(0) }, '.bin'],
    ['nothing', undefined, '.bin'],
    ['bytes', Buffer.from('abc'), '.bin'],
  ])('gives back %s', async (_, value, suffix) => {
    const { address } = await files.write(value, false);
    expect(address).toMatch(new RegExp(`^[0-9a-f]{64}\\${suffix}$`));
    const back = await files.read(address);
    expect(back).toEqual(Buffer.isBuffer(value) ? new Uint8Array(value) : value);
    expect(await all()).toHaveLength(1);
  });

  it('is shared by equal values, and written by many at once', async () => {
    const values = Array.from({ length: 20 }, () => new Float64Array(1000).fill(7));
    const addresses = await Promise.all(values.map((value) => files.write(value, true)));
    expect(new Set(addresses.map(({ address }) => address)).size).toBe(1);
    expect(await all()).toHaveLength(1);
  });

  it('that is damaged is never a value, and mended by writing it again', async () => {
    const value = new Float64Array(1000).fill(7);
    const { address } = await files.write(value, false);
    const path = files.pathOf(address);
    const bytes = await readFile(path);
    bytes[500] = (bytes[500] ?? 0) ^ 1;
    await writeFile(path, bytes);
    await expect(files.read(address)).rejects.toMatchObject({
      code: 'RESULT_DAMAGED',
      message: expect.stringContaining(path),
    });
    await writeFile(path, bytes.subarray(0, 100));
    await expect(files.read(address)).rejects.toMatchObject({ code: 'RESULT_DAMAGED' });
    await files.write(value, false);
    expect(await files.read(address)).toEqual(value);
  });

  it('that is missing is named', async () => {
    const { address } = await files.write(new Float64Array(1000), false);
    await rm(files.pathOf(address));
    await expect(files.read(address)).rejects.toMatchObject({
      code: 'RESULT_MISSING',
      message: expect.stringContaining(files.pathOf(address)),
    });
  });

  it('that cannot be written leaves nothing behind', async () => {
    const value = new Float64Array([1]);
    const path = files.pathOf((await files.write(value, false)).address);
    await rm(path);
    // Something else lies where the file belongs.
    await writeFile(join(path, '..', 'other'), '');
    await rm(join(path, '..'), { recursive: true });
    await writeFile(join(path, '..'), 'not a folder');
    await expect(files.write(value, false)).rejects.toMatchObject({ code: expect.any(String) });
    await chmod(join(path, '..'), 0o600);
    expect(await all()).toHaveLength(1);
    expect(existsSync(path)).toBe(false);
  });
});
