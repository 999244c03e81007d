import type { DatabaseSync } from 'node:sqlite';
import { NODE_KIND_CODE, stateOf, VALUE_STORAGE } from '@sidereal/core';
import { partRange } from '../sqlite/rows/run-number.ts';
import { toInteger, toIntegerOr, toTextOr } from '../sqlite/rows/row.ts';
import type { Tally } from './reader-types.ts';

const { task } = NODE_KIND_CODE;

/** A task run's parent is looked up by primary key: what task runs call is counted under their stage. */
const SELECT = `
  SELECT
    CASE WHEN above.kind = ${task} THEN node.stage ELSE node.parent END AS place,
    above.kind = ${task} AS nested,
    node.name AS name_id, node.state AS state, count(*) AS count,
    min(node.started_us) AS started, max(node.ended_us) AS ended,
    sum(node.flags & 1) AS strict, sum(node.value_storage > ${VALUE_STORAGE.none}) AS durable,
    name.name AS text
  FROM node
  LEFT JOIN node above ON above.id = ? + node.parent
  LEFT JOIN name ON name.id = ? + node.name
  WHERE node.id >= ? AND node.id < ? AND node.kind = ${task}
  GROUP BY place, nested, node.name, node.state
  ORDER BY place, nested, min(node.id)`;

/** A pass over the run's range of nodes. */
export function readTallies(db: DatabaseSync, runNo: number): readonly Tally[] {
  const [from, to] = partRange(runNo);
  return db
    .prepare(SELECT)
    .all(from, from, from, to)
    .map((row) => ({
      parent: toInteger(row['place']),
      isNested: row['nested'] === 1,
      name: toTextOr(row['text'], ''),
      state: stateOf(toInteger(row['state'])),
      count: toInteger(row['count']),
      startedUs: toIntegerOr(row['started'], undefined),
      endedUs: toIntegerOr(row['ended'], undefined),
      strict: toInteger(row['strict']),
      durable: toIntegerOr(row['durable'], 0),
    }));
}
