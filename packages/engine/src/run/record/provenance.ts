import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Who runs what, where: kept with the run for good. Parts that cannot be known are left out. */
export function provenance(cwd: string): Readonly<Record<string, unknown>> {
  return {
    host: hostname(),
    user: attempt(() => userInfo().username),
    pid: process.pid,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    argv: process.argv.slice(1),
    cwd,
    commit: attempt(() => gitCommit(cwd)),
  };
}

/** The commit that a working copy's HEAD names, read without git. */
function gitCommit(folder: string): string | undefined {
  const git = join(folder, '.git');
  if (existsSync(join(git, 'HEAD'))) {
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    if (!head.startsWith('ref: ')) return head;
    const ref = head.slice(5);
    if (existsSync(join(git, ref))) return readFileSync(join(git, ref), 'utf8').trim();
    const packed = attempt(() => readFileSync(join(git, 'packed-refs'), 'utf8')) ?? '';
    return packed
      .split('\n')
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(' ')[0];
  }
  return folder === dirname(folder) ? undefined : gitCommit(dirname(folder));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
