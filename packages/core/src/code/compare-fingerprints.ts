import { NOT_INSTALLED, type CodeFingerprint } from './code-fingerprint.ts';

/** So many changes are named; the others are counted. */
const MOST_NAMED = 3;

/**
 * What has changed in the code of a module, in words for a note: "./lib/calibrate.ts has changed, and zod 4.1.0
 * is now 4.2.0". Undefined if nothing has.
 */
export function compareFingerprints(before: CodeFingerprint, after: CodeFingerprint): string | undefined {
  if (before.digest === after.digest) return undefined;
  const changes = [...fileChanges(before, after), ...packageChanges(before, after)];
  if (changes.length === 0) return undefined;
  const named = changes.length > MOST_NAMED + 1 ? changes.slice(0, MOST_NAMED) : changes;
  const others = changes.length - named.length;
  return listed(others === 0 ? named : [...named, `${others} other changes`]);
}

function fileChanges(before: CodeFingerprint, after: CodeFingerprint): string[] {
  const old = new Map(before.files.map(({ path, digest }) => [path, digest]));
  const now = new Map(after.files.map(({ path, digest }) => [path, digest]));
  const changes: string[] = [];
  for (const [path, digest] of now) {
    const was = old.get(path);
    if (was === digest) continue;
    if (was === undefined || was === '') changes.push(`${path} is new`);
    else if (digest === '') changes.push(`${path} is gone`);
    else changes.push(`${path} has changed`);
  }
  for (const path of old.keys()) if (!now.has(path)) changes.push(`${path} is no longer imported`);
  return changes;
}

function packageChanges(before: CodeFingerprint, after: CodeFingerprint): string[] {
  const gone = before.packages.filter((one) => !after.packages.includes(one));
  const come = after.packages.filter((one) => !before.packages.includes(one));
  const changes: string[] = [];
  for (const one of come) {
    const { name, version } = parsed(one);
    const was = gone.findIndex((other) => parsed(other).name === name);
    const [old] = was < 0 ? [] : gone.splice(was, 1);
    changes.push(packageChange(name, old === undefined ? NOT_INSTALLED : parsed(old).version, version));
  }
  return [...changes, ...gone.map((one) => `${parsed(one).name} is no longer imported`)];
}

function packageChange(name: string, old: string, version: string): string {
  if (old === NOT_INSTALLED) return `${name} ${version} is new`;
  if (version === NOT_INSTALLED) return `${name} is gone`;
  return `${name} ${old} is now ${version}`;
}

function parsed(one: string): { readonly name: string; readonly version: string } {
  const at = one.lastIndexOf('@');
  return { name: one.slice(0, at), version: one.slice(at + 1) };
}

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}
