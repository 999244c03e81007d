import type { ReuseDecision } from '@sidereal/core';
import type { Context } from '../context.ts';
import { formatCount } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { tableLines, type Cell } from '../terminal/table.ts';
import { foretoldCounts, type RunForetelling } from './foretelling.ts';

const WORDS: Readonly<Record<ReuseDecision['decision'], Cell>> = {
  keep: { text: 'keep', colour: 'dim' },
  again: { text: 'run again', colour: 'again' },
  doubt: { text: 'in doubt', colour: 'failed' },
};

/** What `sidereal resume|retry RUN --dry-run` prints: a line a node. */
export function foretellingLines(
  { nodes }: RunForetelling,
  { outStyle: style, out }: Pick<Context, 'outStyle' | 'out'>,
): string[] {
  return tableLines(
    [
      { title: 'node', align: 'right' },
      { title: 'key' },
      { title: 'kind', optional: true },
      { title: 'name', shrink: 1 },
      { title: 'state', optional: true },
      { title: 'decision' },
      { title: 'because', shrink: 3 },
    ],
    nodes.map(({ idx, key, kind, name, state, decision: { decision, reason } }) => [
      { text: String(idx) },
      { text: key.slice(0, 8), colour: 'dim' },
      { text: kind, colour: 'dim' },
      { text: oneLine(name) },
      { text: state },
      WORDS[decision],
      { text: oneLine(reason), colour: 'dim' },
    ]),
    { style, width: out.columns },
  );
}

/** The same in one sentence. */
export function foretellingSummary(foretelling: RunForetelling): string {
  const { keep, again, doubt } = foretoldCounts(foretelling);
  const counts = `${formatCount(keep)} kept, ${formatCount(again)} run again, ${formatCount(doubt)} in doubt`;
  return foretelling.isAtLeast
    ? `${counts}: at least, for what runs may have more called than the record knows of`
    : counts;
}
