import { mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { networkFileSystemOf } from '@sidereal/store';
import { formatBytes, formatCount } from '../terminal/format.ts';
import { ok, type Finding } from './finding.ts';

/** Free space below which it is worth a warning, and below which runs will soon stop, bytes. */
const LITTLE_SPACE = 2 ** 30;
const NO_SPACE = 64 * 2 ** 20;
const FEW_INODES = 1_000;

/** The folder of a store: is it there, on a disk of this machine, writable, with room? */
export async function checkFolder(folder: string): Promise<Finding[]> {
  const path = resolve(folder);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined) {
    return [
      {
        check: 'folder',
        status: 'note',
        detail: `${path} does not exist yet; the first run creates it`,
      },
      await networkFinding(path),
      await spaceFinding(await nearest(path)),
    ];
  }
  if (!stats.isDirectory()) {
    return [
      {
        check: 'folder',
        status: 'wrong',
        detail: `${path} is not a folder`,
        remedy: 'Choose another: --store DIR.',
      },
    ];
  }
  return [await writableFinding(path), await networkFinding(path), await spaceFinding(path)];
}

async function writableFinding(path: string): Promise<Finding> {
  try {
    // Permissions alone do not tell: the medium may be mounted read-only, a quota used up.
    await rm(await mkdtemp(join(path, '.doctor-')), { recursive: true });
    return ok('folder', `${path} can be written`);
  } catch (error) {
    return {
      check: 'folder',
      status: 'wrong',
      detail: `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Give yourself write permission there or free space, or choose another: --store DIR.',
    };
  }
}

async function networkFinding(path: string): Promise<Finding> {
  const name = await networkFileSystemOf(path);
  if (name === undefined) return ok('file system', 'local, as far as anyone can tell');
  return {
    check: 'file system',
    status: 'wrong',
    detail: `${path} is on a network file system (${name}), whose locks cannot be trusted with a database`,
    remedy: 'Choose a folder on a disk of this machine: --store DIR.',
  };
}

async function spaceFinding(path: string): Promise<Finding> {
  const { bavail, bsize, ffree, files } = await statfs(path);
  const free = bavail * bsize;
  const detail = `${formatBytes(free)} free`;
  if (files > 0 && ffree < FEW_INODES) {
    return {
      check: 'disk',
      status: 'warning',
      detail: `${detail}, but room for only ${formatCount(ffree)} more files`,
      remedy: 'Remove files there, or choose another folder.',
    };
  }
  if (free >= LITTLE_SPACE) return ok('disk', detail);
  return {
    check: 'disk',
    status: free < NO_SPACE ? 'wrong' : 'warning',
    detail,
    remedy: 'Make room: a run whose journal cannot be written stops with JOURNAL_FULL.',
  };
}

async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const exists = await stat(at).then(
      () => true,
      () => false,
    );
    if (exists || at === dirname(at)) return at;
  }
}
