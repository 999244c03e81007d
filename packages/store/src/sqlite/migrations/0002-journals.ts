import type { Migration } from './migration.ts';

/**
 * Everything of a run is found by its number: tables of parts have `run_no * 2^32 + n` as integer primary
 * key, so that appending is appending to the end of a B-tree and a run is one range of it.
 *
 * `run` is written once. `journal` is the moving part of a run: lease, last batch, totals. `segment` is the
 * journal itself, a row a batch. All other tables are folded from segments in the transaction that appends
 * them, and can be folded again.
 *
 * Version 2 is the first: what version 1 was is no longer read.
 */
export const journals: Migration = {
  version: 2,
  name: 'runs, journals and what is folded from them',
  sql: `
CREATE TABLE run (
  run_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  flow TEXT NOT NULL,
  module TEXT NOT NULL,
  entry TEXT NOT NULL,
  version TEXT NOT NULL,
  tags TEXT NOT NULL,          -- JSON array
  origin_ms REAL NOT NULL,     -- all times of the run are microseconds since this
  provenance TEXT NOT NULL,    -- JSON
  input TEXT NOT NULL,         -- JSON
  input_bytes BLOB NOT NULL    -- by the engine's value codec
) STRICT;
CREATE INDEX run_by_flow ON run (flow, run_no);

CREATE TABLE journal (
  run_no INTEGER PRIMARY KEY,
  last_batch INTEGER NOT NULL,
  nodes INTEGER NOT NULL,
  records INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  epoch INTEGER NOT NULL,      -- lease: whoever holds it appends under this number
  heartbeat_ms INTEGER NOT NULL,
  holder_host TEXT,            -- NULL in all holder columns: nobody holds it
  holder_machine TEXT,
  holder_pid INTEGER,
  holder_start TEXT
) STRICT;

CREATE TABLE segment (
  id INTEGER PRIMARY KEY,      -- run_no * 2^32 + batch number
  epoch INTEGER NOT NULL,
  records INTEGER NOT NULL,
  encoding INTEGER NOT NULL,   -- of columns: 0 as they are, 1 raw deflate
  raw_bytes INTEGER NOT NULL,  -- of columns, decoded
  crc INTEGER NOT NULL,        -- CRC-32 of the batch as it was given
  ended BLOB,                  -- what ended in this batch, for timelines (see interval-columns.ts)
  columns BLOB NOT NULL,       -- the batch without its value heap
  heap BLOB                    -- the value heap as it is, so that a value is read by offset
) STRICT;

CREATE TABLE node (
  id INTEGER PRIMARY KEY,      -- run_no * 2^32 + idx
  key BLOB NOT NULL,
  parent INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  created_us INTEGER NOT NULL,
  upstream BLOB,               -- nodes whose values it consumes, in argument order: u32 little-endian; NULL: none
  comes_after BLOB,            -- nodes that it only comes after, alike
  argument_digest BLOB,        -- of what it was really called with, 16 bytes; NULL: none was recorded
  first_segment INTEGER NOT NULL,
  last_segment INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  started_us INTEGER,          -- when the current attempt started
  active_us INTEGER,           -- while active: when the activity under way began
  ended_us INTEGER,
  lane INTEGER,
  reason INTEGER,              -- code of core's table of reasons; NULL: nobody would ask
  message TEXT,
  value_storage INTEGER,       -- NULL in all value columns: no value was recorded
  value_segment INTEGER,
  value_offset INTEGER,
  value_length INTEGER,
  value_size INTEGER
) STRICT;

CREATE TABLE name (
  id INTEGER PRIMARY KEY,      -- run_no * 2^32 + the name's id in the journal
  name TEXT NOT NULL,
  module TEXT NOT NULL,
  runner TEXT NOT NULL,
  tags TEXT NOT NULL           -- one a line
) STRICT;

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,      -- run_no * 2^32 + the entry's number in the journal
  idx INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  level INTEGER,               -- of a log entry: 10 debug, 20 info, 30 warn, 40 error
  time_us INTEGER NOT NULL,
  key BLOB,
  segment INTEGER NOT NULL,    -- batch that holds its body …
  row INTEGER NOT NULL         -- … in this row of the batch's entries
) STRICT;

CREATE TABLE counter (
  run_no INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (run_no, stage, kind, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE command (
  id INTEGER PRIMARY KEY,
  run_no INTEGER NOT NULL,
  type TEXT NOT NULL,
  by TEXT NOT NULL,
  requested_ms INTEGER NOT NULL,
  delivered_ms INTEGER         -- NULL until the holder has it
) STRICT;
CREATE INDEX command_undelivered ON command (run_no) WHERE delivered_ms IS NULL;
`,
};
