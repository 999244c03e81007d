import { findSourceMap } from 'node:module';
import { pathOf } from './module-url.ts';
import { userFrame } from './stack-frame.ts';

/** A place in code that runs, as the engine of JavaScript counts: lines and columns from 1. */
export interface CodePosition {
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The line that people wrote, `path:line:column`: by the source map, if Node.js knows one; else as whoever has
 * taken over the formatting of stacks shows it (a test runner, `source-map-support`); else the line that runs.
 */
export function sourceLine({ script, line, column }: CodePosition): string {
  return mapped({ script, line, column }) ?? formatted() ?? `${pathOf(script)}:${line}:${column}`;
}

function mapped({ script, line, column }: CodePosition): string | undefined {
  try {
    // Maps are there with --enable-source-maps, which loaders such as tsx turn on.
    const origin = findSourceMap(script)?.findOrigin(line, column);
    if (origin === undefined || !('fileName' in origin)) return undefined;
    return `${pathOf(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
  } catch {
    return undefined; // a map that is broken is as good as none
  }
}

/** What formats stacks unless somebody has taken that over: it knows no more than the source maps. */
const NODES_OWN = 'ErrorPrepareStackTrace';

function formatted(): string | undefined {
  const format: unknown = Reflect.get(Error, 'prepareStackTrace');
  if (typeof format !== 'function' || format.name === NODES_OWN) return undefined;
  try {
    return userFrame(new Error('call site').stack)?.at;
  } catch {
    return undefined; // it is not our code that formats stacks, and it may throw
  }
}
