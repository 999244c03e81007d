import { readFile, realpath, statfs } from 'node:fs/promises';
import type { FileSystemType } from './network-file-system.ts';

/** Reads the type of the file system that holds `folder`; undefined where the platform does not tell. */
export type FileSystemTypeReader = (folder: string) => Promise<FileSystemType | undefined>;

/** Linux: statfs(2) and the mount table. Elsewhere the numbers mean other things: undefined. */
export const readFileSystemType: FileSystemTypeReader = async (folder) => {
  if (process.platform !== 'linux') return undefined;
  const { type: magic } = await statfs(folder);
  return { magic, mountType: mountTypeOf(await realpath(folder), await readMountTable()) };
};

async function readMountTable(): Promise<string> {
  try {
    return await readFile('/proc/self/mountinfo', 'utf8');
  } catch {
    return ''; // no /proc: the type stays unknown
  }
}

/**
 * Type of the mount that `path` lies in, from the text of /proc/self/mountinfo (proc(5)): the longest mount
 * point that is a prefix of it, the last of these if there are several.
 */
export function mountTypeOf(path: string, mountInfo: string): string | undefined {
  let best: { readonly point: string; readonly type: string } | undefined;
  for (const line of mountInfo.split('\n')) {
    const [left, right] = line.split(' - ');
    const point = left
      ?.split(' ')[4]
      ?.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    const type = right?.split(' ')[0];
    if (point === undefined || type === undefined) continue;
    const holds = path === point || path.startsWith(point === '/' ? '/' : `${point}/`);
    if (holds && (best === undefined || point.length >= best.point.length)) best = { point, type };
  }
  return best?.type;
}
