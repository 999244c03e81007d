import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * A system that the suite can measure, as the `peer.json` in its folder describes it. The folder holds
 *
 *     peer.json      this description
 *     install.sh     makes the pinned environment inside the folder; does nothing if it is there
 *     installed.sh   exits 0 if it is there and its services answer, else says on stderr what is missing
 *     run.sh         runs the case given as one JSON argument, prints the outcome as the last line of stdout
 *
 * or, for a system of this repository, `main.ts` in place of the scripts.
 */
const description = z.object({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  variants: z
    .array(
      z.object({
        name: z.string(),
        about: z.string(),
        /** The rows that this way of running is asked for; default: all. */
        rows: z.array(z.string()).optional(),
      }),
    )
    .min(1),
  /** Names of processes that serve it and that were there before: what they use counts too. */
  services: z.array(z.string()),
  /** Does it keep a record of task runs? */
  records: z.boolean(),
});

export interface System extends z.infer<typeof description> {
  readonly folder: string;
  /** Program and arguments; the case comes after them. */
  readonly command: readonly [string, ...string[]];
}

const BENCH = join(import.meta.dirname, '..');
const PEERS = join(BENCH, 'peers');

/** Sidereal itself. */
export const SIDEREAL = join(BENCH, 'sidereal');
/** What has nothing around it. */
export const BARE = join(BENCH, 'floors');

/** Reads the description in a folder. */
export function readSystem(folder: string): System {
  const described = description.parse(JSON.parse(readFileSync(join(folder, 'peer.json'), 'utf8')));
  const script = join(folder, 'run.sh');
  const own = [process.execPath, join(folder, 'main.ts')] as const;
  return { ...described, folder, command: existsSync(script) ? [script] : own };
}

/** The peers that the repository knows, installed or not. */
export function knownPeers(): readonly System[] {
  if (!existsSync(PEERS)) return [];
  return readdirSync(PEERS)
    .filter((name) => existsSync(join(PEERS, name, 'peer.json')))
    .map((name) => readSystem(join(PEERS, name)));
}

/** A system by the name in its description. */
export function findSystem(name: string): System {
  const found = [readSystem(SIDEREAL), readSystem(BARE), ...knownPeers()].find(
    (system) => system.name === name,
  );
  if (found === undefined) throw new Error(`there is no system ${name} in ${BENCH}`);
  return found;
}
