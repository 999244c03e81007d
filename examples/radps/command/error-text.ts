import { isSiderealError } from 'sidereal';

/** Causes that are told. */
const MAX_CAUSES = 4;

/** An error as people read it: code, message, causes, what to do; with stack only for debugging. */
export function errorText(error: unknown, debug = process.env['SIDEREAL_DEBUG'] === '1'): string {
  const told = rootOf(error);
  const lines = [`error: ${headline(told)}`];
  let cause = told instanceof Error ? told.cause : undefined;
  for (let depth = 0; depth < MAX_CAUSES && cause !== undefined; depth += 1) {
    lines.push(`  because: ${headline(cause)}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  if (isSiderealError(told)) lines.push(`  remedy:  ${told.remedy}`);
  if (debug && told instanceof Error && told.stack !== undefined) lines.push(told.stack);
  return `${lines.join('\n')}\n`;
}

/** Of a chain of tasks that could not run because the one before could not, what went wrong first. */
function rootOf(error: unknown): unknown {
  let root = error;
  while (isSiderealError(root) && root.code === 'UPSTREAM_FAILED' && root.cause !== undefined)
    root = root.cause;
  return root;
}

function headline(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message.startsWith(code) ? error.message : `${code}: ${error.message}`;
}
