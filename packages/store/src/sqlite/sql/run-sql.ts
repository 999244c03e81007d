import type { DatabaseSync } from 'node:sqlite';
import type { RunHeader } from '@sidereal/core';
import { toBytes, toInteger, toText, type Row } from '../rows/row.ts';

const HEADER_COLUMNS =
  'run_no, id, flow, module, entry, version, tags, origin_ms, provenance, input, input_bytes';

/** Writes and reads the headers of runs. */
export function prepareRuns(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO run (${HEADER_COLUMNS})
    VALUES ((SELECT coalesce(max(run_no), 0) + 1 FROM run), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const byId = db.prepare(`SELECT ${HEADER_COLUMNS} FROM run WHERE id = ?`);
  return {
    /** Number of the run. */
    insert(header: RunHeader): number {
      const { lastInsertRowid } = insert.run(
        header.id,
        header.flow,
        header.module,
        header.entry,
        header.version,
        JSON.stringify(header.tags),
        header.originMs,
        header.provenance,
        header.input,
        header.inputBytes,
      );
      return Number(lastInsertRowid);
    },
    /** By the index of `id`. */
    byId(id: string): { readonly runNo: number; readonly header: RunHeader } | undefined {
      const row = byId.get(id);
      return row === undefined ? undefined : { runNo: toInteger(row['run_no']), header: toHeader(row) };
    },
  };
}

/** The header in a row that has all its columns. */
export function toHeader(row: Row): RunHeader {
  return {
    id: toText(row['id']),
    flow: toText(row['flow']),
    module: toText(row['module']),
    entry: toText(row['entry']),
    version: toText(row['version']),
    tags: toTags(toText(row['tags'])),
    input: toText(row['input']),
    inputBytes: toBytes(row['input_bytes']),
    originMs: toInteger(row['origin_ms']),
    provenance: toText(row['provenance']),
  };
}

/** Tags from their JSON. */
export function toTags(json: string): readonly string[] {
  const tags: unknown = JSON.parse(json);
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}
