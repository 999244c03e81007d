import { corrupt } from '../wire/journal-errors.ts';

/** What an entry is. Codes are part of the journal format: append, never renumber. */
export const ENTRY_KINDS = [
  'log', // { level, message, fields? }
  'error', // ErrorRecord: why an attempt failed
  'qa', // { name, score, metric, message?, scope? }
  'artifact', // { name, type: markdown|table|image|file|link, … }
  'metric', // { name, value, unit? }, of a loop's cycle
  'progress', // { done, total?, message? }
  'effect', // { call, value }: what run.now(), run.random() … gave, keyed
  'note', // { code, message, … }: warnings of the engine itself (changed code, memory overshoot …)
  'exit', // { reason, cycles }: why a loop ended
  'map', // { size }: a map group's header, once its items are counted
  'code', // RecordedCode: what the code of a module was, keyed, of the flow run
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
export const ENTRY_KIND_CODE = Object.freeze(
  Object.fromEntries(ENTRY_KINDS.map((kind, code) => [kind, code])),
) as Readonly<Record<EntryKind, number>>;

/** The kind of entry with this code. Throws JOURNAL_CORRUPT for a code that is none's. */
export function entryKindOf(code: number): EntryKind {
  const kind = ENTRY_KINDS[code];
  if (kind === undefined) throw corrupt(`it holds the entry kind ${code}`);
  return kind;
}
