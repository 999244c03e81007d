import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** Version of Sidereal and, in a git checkout, the commit: `0.1.0, 1a2b3c4`; with a + if files have changed since. */
export function siderealVersion(): string {
  const home = join(import.meta.dirname, '..', '..', 'packages', 'sidereal');
  const { version } = manifest.parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--exclude=*', '--dirty=+'], {
    cwd: home,
    encoding: 'utf8',
  });
  return status === 0 ? `${version}, ${stdout.trim()}` : version;
}
