import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { storeError } from '../errors/store-error.ts';
import { networkFileSystem } from './network-file-system.ts';
import { readFileSystemType, type FileSystemTypeReader } from './read-file-system-type.ts';

/**
 * Makes sure that the folder is there, writable and on a local file system; the check comes before anything
 * is created. Throws STORE_ON_NETWORK_FS, STORE_UNWRITABLE.
 */
export async function prepareFolder(
  folder: string,
  read: FileSystemTypeReader = readFileSystemType,
): Promise<void> {
  await refuseNetworkFileSystem(folder, read);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

/** The folder cannot be used; `cause` says why. */
export function unwritable(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return storeError(
    'STORE_UNWRITABLE',
    `the store folder ${folder} cannot be written: ${why}`,
    'Free space or give yourself write permission there, or choose another folder for the store.',
    cause,
  );
}

async function refuseNetworkFileSystem(folder: string, read: FileSystemTypeReader): Promise<void> {
  const name = await networkFileSystemOf(folder, read);
  if (name === undefined) return;
  throw storeError(
    'STORE_ON_NETWORK_FS',
    `the store folder ${folder} is on a network file system (${name}), whose locks cannot be trusted with a database`,
    "Choose a folder on a disk of this machine, such as a node's local scratch disk.",
  );
}

/** Name of the network file system that the folder is (or would be) on; undefined if it is local, as far as anyone can tell. */
export async function networkFileSystemOf(
  folder: string,
  read: FileSystemTypeReader = readFileSystemType,
): Promise<string | undefined> {
  const existing = await nearestExisting(folder);
  const type = await read(existing).catch(() => undefined);
  return type === undefined ? undefined : networkFileSystem(type);
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (exists || path === dirname(path)) return path;
  }
}
