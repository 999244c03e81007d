import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Something that a suite needs and that not every machine has. */
export interface Requirement {
  readonly what: string;
  /** How a person gets it. */
  readonly remedy: string;
  readonly isMet: () => boolean;
}

const requirements = {
  tmpfs: {
    what: 'leave to mount a small file system (for tests of full disks)',
    remedy: 'run the tests on Linux as root, or under `unshare --map-root-user --mount`',
    isMet: mountsTmpfs,
  },
  pidNamespace: {
    what: 'leave to make a PID namespace (for programs that are its first process, as in a container)',
    remedy: 'run the tests on Linux as root',
    isMet: () => canRun('/usr/bin/unshare', ['--pid', '--fork', '/bin/true']),
  },
  observations: {
    what: 'real observations to read (1 MB, not part of the repository)',
    remedy:
      'set SIDEREAL_TEST_DATA to a folder that holds eht-m87-2017/ (data product 2019-D01-01 of the Event Horizon Telescope)',
    isMet: () => existsSync(join(process.env['SIDEREAL_TEST_DATA'] ?? '', 'eht-m87-2017')),
  },
  fitsverify: {
    what: 'fitsverify, the FITS verifier of NASA',
    remedy: 'install it: `apt-get install fitsverify`',
    isMet: () => canRun('fitsverify', ['--help']),
  },
  astropy: {
    what: 'astropy for /usr/bin/python3, to read the coordinates of FITS images',
    remedy: 'install it: `apt-get install python3-astropy`',
    isMet: () => canRun('/usr/bin/python3', ['-c', 'import astropy.wcs']),
  },
} as const satisfies Record<string, Requirement>;

export type RequirementName = keyof typeof requirements;

const answers = new Map<RequirementName, boolean>();

/**
 * Does this machine have what `name` stands for? For `describe.skipIf(!isMet('tmpfs'))`: the test run names
 * everything that it skipped, and how to enable it.
 */
export function isMet(name: RequirementName): boolean {
  const known = answers.get(name);
  if (known !== undefined) return known;
  const answer = requirements[name].isMet();
  answers.set(name, answer);
  return answer;
}

/** The requirements that this machine lacks. */
export function unmetRequirements(): readonly Requirement[] {
  return Object.entries(requirements)
    .filter(([, requirement]) => !requirement.isMet())
    .map(([, requirement]) => requirement);
}

/** Mounts in a namespace of its own, which ends with the process: nothing stays behind. */
function mountsTmpfs(): boolean {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/unshare')) return false;
  const mount = 'mount -t tmpfs -o size=1m tmpfs /tmp';
  return spawnSync('/usr/bin/unshare', ['--mount', '/bin/sh', '-c', mount], { stdio: 'ignore' }).status === 0;
}

/** Is there such a program, and does it end well? */
function canRun(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
