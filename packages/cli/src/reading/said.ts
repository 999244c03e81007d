import { isMakingCode, type EntryKind } from '@sidereal/core';
import type { Entry, StoreReader } from '@sidereal/store';

/** Reads the bodies of entries, which are JSON from a journal: whatever is not as expected is left out. */

export interface QaEntry {
  readonly idx: number;
  readonly name: string;
  readonly score: number | null | undefined;
  readonly metric: Readonly<{ name: string; value: number; unit: string }> | undefined;
  readonly message: string | undefined;
  readonly scope: Readonly<Record<string, unknown>> | undefined;
  readonly error: string | undefined;
}

export interface ArtifactEntry {
  readonly idx: number;
  readonly name: string;
  readonly type: string;
  readonly path: string | undefined;
  readonly description: string | undefined;
}

export interface MetricEntry {
  readonly idx: number;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface ExitEntry {
  readonly idx: number;
  readonly reason: string;
  readonly cycles: number;
}

export interface NoteEntry {
  readonly idx: number;
  readonly code: string;
  readonly message: string;
}

export function qaOf(entry: Entry): QaEntry {
  const body = bodyOf(entry);
  const { score } = body;
  const metric = recordOr(body['metric']);
  return {
    idx: entry.idx,
    name: textOf(body['name']),
    score: typeof score === 'number' || score === null ? score : undefined,
    metric:
      metric === undefined
        ? undefined
        : { name: textOf(metric['name']), value: Number(metric['value']), unit: textOf(metric['unit']) },
    message: textOr(body['message']),
    scope: recordOr(body['scope']),
    error: textOr(body['error']),
  };
}

export function artifactOf(entry: Entry): ArtifactEntry {
  const body = bodyOf(entry);
  return {
    idx: entry.idx,
    name: textOf(body['name']),
    type: textOf(body['type']),
    path: textOr(body['path']),
    description: textOr(body['description']),
  };
}

export function metricOf(entry: Entry): MetricEntry {
  const body = bodyOf(entry);
  return {
    idx: entry.idx,
    name: textOf(body['name']),
    value: Number(body['value']),
    unit: textOf(body['unit']),
  };
}

export function exitOf(entry: Entry): ExitEntry {
  const body = bodyOf(entry);
  return { idx: entry.idx, reason: textOf(body['reason']), cycles: Number(body['cycles'] ?? 0) };
}

function noteOf(entry: Entry): NoteEntry {
  const body = bodyOf(entry);
  return { idx: entry.idx, code: textOf(body['code']), message: textOf(body['message']) };
}

/** Notes that are for people: not those by which the engine finds again what was made when. */
export function readNotes(
  reader: StoreReader,
  run: string,
  limit: number,
): { readonly said: readonly NoteEntry[]; readonly hasMore: boolean } {
  const notes: NoteEntry[] = [];
  let page = reader.entries({ run, kinds: ['note'], limit: NOTES_PAGE });
  for (;;) {
    notes.push(...page.filter((entry) => !isMaking(entry)).map(noteOf));
    const last = page.at(-1);
    if (last === undefined || page.length < NOTES_PAGE || notes.length > limit) break;
    page = reader.entries({ run, kinds: ['note'], after: last.seq, limit: NOTES_PAGE });
  }
  return { said: notes.slice(0, limit), hasMore: notes.length > limit };
}

const NOTES_PAGE = 1000;

/** Is this a note by which the engine finds again what was made when? */
export function isMaking(entry: Entry): boolean {
  return entry.kind === 'note' && isMakingCode(noteOf(entry).code);
}

/** Entries of a kind, the first `limit`, and whether there are more. Later ones of the same key replace earlier. */
export function readSaid<T>(
  reader: StoreReader,
  run: string,
  kind: EntryKind,
  limit: number,
  parse: (entry: Entry) => T,
): { readonly said: readonly T[]; readonly hasMore: boolean } {
  const entries = reader.entries({ run, kinds: [kind], limit: limit + 1 });
  const byKey = new Map<string, Entry>();
  for (const entry of entries.slice(0, limit)) byKey.set(entry.key ?? `${entry.seq}`, entry);
  return { said: [...byKey.values()].map(parse), hasMore: entries.length > limit };
}

function bodyOf({ body }: Entry): Readonly<Record<string, unknown>> {
  try {
    return recordOr(JSON.parse(body)) ?? {};
  } catch {
    return {};
  }
}

function recordOr(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function textOf(value: unknown): string {
  return textOr(value) ?? '';
}
