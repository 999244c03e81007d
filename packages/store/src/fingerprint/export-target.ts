/** Conditions under which Node.js imports, in the order in which packages state them. */
const CONDITIONS = new Set(['node', 'import', 'module-sync', 'require', 'node-addons', 'default']);

/**
 * The file that a package's `exports` or `imports` name, relative to the package's folder, for `.`, `./sub/path` or
 * `#internal`. Undefined if there is none for Node.js.
 */
export function exportTarget(exports: unknown, subpath: string): string | undefined {
  if (typeof exports === 'string' || Array.isArray(exports)) {
    return subpath === '.' ? chosen(exports, '') : undefined;
  }
  if (!isRecord(exports)) return undefined;
  const hasSubpaths = Object.keys(exports).some((key) => key.startsWith('.') || key.startsWith('#'));
  if (!hasSubpaths) return subpath === '.' ? chosen(exports, '') : undefined;
  if (Object.hasOwn(exports, subpath)) return chosen(exports[subpath], '');
  for (const key of Object.keys(exports).toSorted(byPrecision)) {
    const [before = '', after] = key.split('*');
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    if (subpath.length < before.length + after.length) continue;
    return chosen(exports[key], subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}

function chosen(target: unknown, star: string): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (Array.isArray(target)) {
    for (const one of target) {
      const path = chosen(one, star);
      if (path !== undefined) return path;
    }
    return undefined;
  }
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const path = CONDITIONS.has(condition) ? chosen(inner, star) : undefined;
    if (path !== undefined) return path;
  }
  return undefined;
}

/** Longer patterns before the `*` go first, as in Node.js. */
function byPrecision(one: string, other: string): number {
  return other.indexOf('*') - one.indexOf('*');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
