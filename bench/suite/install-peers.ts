import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, delimiter, join } from 'node:path';
import type { Choice } from './options.ts';
import { knownPeers, type System } from './system.ts';

/**
 * The peers that are chosen: all, or those named, each with all its variants or, as `name/variant`, with one. Throws
 * for a name that is not known.
 */
export function choosePeers(choice: Choice): readonly System[] {
  if (choice === undefined) return [];
  const known = knownPeers();
  if (choice === 'all') return known;
  const wanted = Map.groupBy(choice, (text) => text.split('/', 1)[0] ?? text);
  return Array.from(wanted, ([name, texts]) => {
    const peer = known.find((candidate) => candidate.name === name);
    if (peer === undefined)
      throw new Error(`there is no peer ${name}; there are ${known.map((one) => one.name).join(', ')}`);
    if (texts.includes(name)) return peer;
    const variants = texts.map((text) => {
      const variant = peer.variants.find((one) => `${name}/${one.name}` === text);
      if (variant !== undefined) return variant;
      const names = peer.variants.map((one) => `${name}/${one.name}`).join(', ');
      throw new Error(`there is no ${text}; there are ${names}`);
    });
    return { ...peer, variants };
  });
}

/** What keeps a peer from being measured; undefined if it is installed and its services answer. */
export function missingOf({ folder, name }: System): string | undefined {
  const script = join(folder, 'installed.sh');
  if (!existsSync(script)) return `there is no ${script}`;
  const { status, stderr, error } = spawnSync(script, [], { cwd: folder, encoding: 'utf8', env: env() });
  if (status === 0) return undefined;
  return (error?.message ?? stderr.trim()) || `npm run bench -- --install-peers ${name}`;
}

/** Makes a peer's environment, its output going to stderr. Says whether that worked. */
export function installPeer({ folder, title }: System): boolean {
  process.stderr.write(`── ${title}: ${join(folder, 'install.sh')}\n`);
  const { status, error } = spawnSync(join(folder, 'install.sh'), [], {
    cwd: folder,
    env: env(),
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status !== 0) process.stderr.write(`   failed: ${error?.message ?? `exit code ${status}`}\n`);
  return status === 0;
}

/** Scripts find the Node.js of the repository first. */
function env(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
}
