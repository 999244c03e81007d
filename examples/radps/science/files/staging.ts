import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The name of something under way: what it becomes (or was), and the process that it belongs to. */
const STAGED = /^(?<final>.+)\.(?<kind>partial|replaced)-(?<process>\d+)-[0-9a-f]{8}$/;

/** The folders that this thread has cleaned: once each is enough, for only what died before it is taken away. */
const cleaned = new Map<string, Promise<void>>();

/**
 * Makes a file that is whole under its final name, or not there: `write` writes it, synced, under the name that it is
 * given, beside `path`; then it is renamed. Folders are made. Nothing is left behind by what fails.
 */
export async function writeStaged(path: string, write: (staging: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const staging = await stagingPath(path);
  try {
    await write(staging);
    await rename(staging, path);
  } catch (error) {
    await rm(staging, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * A new name beside `path`, in a folder that exists: for what is written there (`partial`) before it is renamed to
 * `path`, or for what it replaces. What processes that were killed left in that folder is removed first, so a run
 * that is resumed ends with the same files as one that was not interrupted.
 */
export async function stagingPath(path: string, kind: 'partial' | 'replaced' = 'partial'): Promise<string> {
  const folder = dirname(path);
  let cleaning = cleaned.get(folder);
  if (cleaning === undefined) {
    cleaning = removeAbandoned(folder);
    cleaned.set(folder, cleaning);
  }
  await cleaning;
  return join(folder, `${basename(path)}.${kind}-${process.pid}-${randomUUID().slice(0, 8)}`);
}

/** Removes what dead processes left half written or half replaced in a folder; what cannot be removed stays. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const { final, kind, process: owner } = STAGED.exec(name)?.groups ?? {};
    if (final === undefined || isAlive(Number(owner))) continue;
    // A replaced one whose successor never came is the last of its kind.
    if (kind === 'replaced' && !(await exists(join(folder, final)))) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Someone else's process, which may not be signalled, lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
