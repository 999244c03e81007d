import type { ProcessStat } from './proc.ts';

/**
 * The processes that descend from `root`, or are in the session that it leads (so that a daemon whose parent
 * has gone is found). `root` itself is among them.
 */
export function processTree(root: number, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const members = new Set([root]);
  const joins = ({ pid, parent, session }: ProcessStat): boolean =>
    !members.has(pid) && (members.has(parent) || session === root);
  for (let found = all.filter(joins); found.length > 0; found = all.filter(joins))
    for (const { pid } of found) members.add(pid);
  return all.filter(({ pid }) => members.has(pid));
}

/** Processes of the named services that are not in `tree`. */
export function serviceProcesses(
  names: readonly string[],
  all: readonly ProcessStat[],
  tree: readonly ProcessStat[],
): readonly ProcessStat[] {
  const own = new Set(tree.map(({ pid }) => pid));
  return all.filter(({ pid, name }) => names.includes(name) && !own.has(pid));
}
