import type { DatabaseSync } from 'node:sqlite';
import { ENTRY_KIND_CODE, entryKindOf, LOG_LEVELS } from '@sidereal/core';
import { partId, partOf, partRange } from '../sqlite/rows/run-number.ts';
import { toBytes, toInteger, type Row } from '../sqlite/rows/row.ts';
import type { SegmentReader } from '../sqlite/sql/segment-reader.ts';
import { hex } from './node-queries.ts';
import type { EntriesOptions, Entry } from './reader-types.ts';
import { Where } from './where.ts';

/** In order of their numbers, over the run's range of the index; bodies come from the journal, batch by batch. */
export function readEntries(
  db: DatabaseSync,
  segments: SegmentReader,
  runNo: number,
  { kinds, idx, level, after, limit }: Omit<EntriesOptions, 'run'>,
): readonly Entry[] {
  const [from, to] = partRange(runNo);
  const where = new Where().and(
    'id >= ? AND id < ?',
    after === undefined ? from : partId(runNo, after) + 1,
    to,
  );
  where.in(
    'kind',
    kinds?.map((kind) => ENTRY_KIND_CODE[kind]),
  );
  if (idx !== undefined) where.and('idx = ?', idx);
  if (level !== undefined) {
    where.and(
      '(kind <> ? OR coalesce(level, ?) >= ?)',
      ENTRY_KIND_CODE.log,
      LOG_LEVELS.info,
      LOG_LEVELS[level],
    );
  }
  return db
    .prepare(`SELECT * FROM entry ${where.sql} ORDER BY id LIMIT ?`)
    .all(...where.values, limit ?? -1)
    .map((row) => toEntry(row, segments.entryBody(runNo, toInteger(row['segment']), toInteger(row['row']))));
}

function toEntry(row: Row, body: string): Entry {
  return {
    seq: partOf(toInteger(row['id'])),
    idx: toInteger(row['idx']),
    attempt: toInteger(row['attempt']),
    kind: entryKindOf(toInteger(row['kind'])),
    timeUs: toInteger(row['time_us']),
    key: row['key'] === null ? undefined : hex(toBytes(row['key'])),
    body,
  };
}
