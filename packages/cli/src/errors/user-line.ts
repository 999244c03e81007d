import { userFrame } from '@sidereal/engine';

/**
 * The user's own line in a stack. Syntax errors name their place before the stack begins.
 * Loads the engine: for commands that execute flows.
 */
export function userLine(stack: string | undefined): string | undefined {
  const syntax =
    stack === undefined ? null : /^(?:file:\/\/)?(\/[^\n]+?):(\d+)\n(?:[^\n]*\n){1,3}?( *)\^/.exec(stack);
  if (syntax !== null) return `${decodeURI(syntax[1] ?? '')}:${syntax[2]}:${(syntax[3] ?? '').length + 1}`;
  return userFrame(stack)?.at;
}
