import { parseSync } from 'rolldown/utils';
import type { SourceFile } from './source-files.ts';

/** A node of a parsed file: its type, and under names of their own the nodes beneath it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [part: string]: unknown;
}

/** Every node of a TypeScript file, parents before children. Throws on a file that does not parse. */
export function* syntaxNodes({ path, text }: SourceFile): Generator<SyntaxNode> {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.message}`);
  const left: unknown[] = [program];
  while (left.length > 0) {
    const value = left.pop();
    if (isNode(value)) yield value;
    if (typeof value === 'object' && value !== null) left.push(...partsOf(value));
  }
}

/** The last first, for a stack. */
function partsOf(value: object): unknown[] {
  const parts: unknown[] = Object.values(value);
  return parts.toReversed();
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
