import { isOwnCode } from './own-code.ts';
import { moduleUrlOf, pathOf } from './module-url.ts';

/** Where user code stands: the module's URL, and the line as people read it. */
export interface CodeLocation {
  /** URL of the module, `file:///…`; empty if the code has none (a REPL, `node -e`). */
  readonly module: string;
  /** `path:line:column`. */
  readonly at: string;
  /** Name of the enclosing function, empty at module level and in anonymous functions. */
  readonly functionName: string;
}

const FRAME =
  /^\s*at (?:async )?(?:(.*?) \()?((?:file:\/\/|\/|[A-Za-z]:[\\/]|\[eval|REPL).*?):(\d+):(\d+)\)?$/;

/**
 * The user's frame in the text of a thrown error's stack: the first that belongs neither to Node nor to
 * Sidereal. Undefined if there is none, or if whoever formats stacks here writes them in another form.
 */
export function userFrame(stack: unknown): CodeLocation | undefined {
  if (typeof stack !== 'string') return undefined;
  for (const line of stack.split('\n')) {
    const match = FRAME.exec(line);
    if (match === null) continue;
    const [, name = '', file = '', row, column] = match;
    if (isOwnCode(file)) continue;
    // So are the functions called that Node.js wraps CommonJS modules in, and anonymous ones.
    const functionName = name.endsWith('<anonymous>') ? '' : name;
    return { module: moduleUrlOf(file), at: `${pathOf(file)}:${row}:${column}`, functionName };
  }
  return undefined;
}
