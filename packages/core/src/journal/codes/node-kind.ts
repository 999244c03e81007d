import { corrupt } from '../wire/journal-errors.ts';

/** What a node is. Codes are part of the journal format: append, never renumber. */
export const NODE_KINDS = ['flow', 'stage', 'task', 'map', 'reduce', 'loop', 'cycle', 'group'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];
export const NODE_KIND_CODE = Object.freeze(
  Object.fromEntries(NODE_KINDS.map((kind, code) => [kind, code])),
) as Readonly<Record<NodeKind, number>>;

/** The kind of node with this code. Throws JOURNAL_CORRUPT for a code that is none's. */
export function nodeKindOf(code: number): NodeKind {
  const kind = NODE_KINDS[code];
  if (kind === undefined) throw corrupt(`it holds the node kind ${code}`);
  return kind;
}
