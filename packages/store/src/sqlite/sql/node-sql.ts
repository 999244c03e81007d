import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { partId } from '../rows/run-number.ts';
import type { NodeChanges } from '../fold/node-changes.ts';
import type { FoldedNodes } from '../fold/folded-nodes.ts';
import {
  DECLARED_COLUMNS,
  FIRST_COLUMNS,
  STATE_COLUMNS,
  TOUCHED_COLUMNS,
  VALUE_COLUMNS,
  type ChangedNode,
  type DeclaredNode,
  type TableColumn,
} from './node-table.ts';

type Columns = readonly TableColumn<ChangedNode>[];

const INSERTED: Columns = [...FIRST_COLUMNS, ...TOUCHED_COLUMNS, ...STATE_COLUMNS];

/** Writes the changes of a fold to the rows of their nodes: one statement a node, by primary key. */
export function prepareNodeWriter(db: DatabaseSync) {
  const insert = prepareInsert(db, INSERTED);
  const insertWithValue = prepareInsert(db, [...INSERTED, ...VALUE_COLUMNS]);
  const updateState = prepareUpdate(db, [...TOUCHED_COLUMNS, ...STATE_COLUMNS]);
  const updateValue = prepareUpdate(db, [...TOUCHED_COLUMNS, ...VALUE_COLUMNS]);
  const updateBoth = prepareUpdate(db, [...TOUCHED_COLUMNS, ...STATE_COLUMNS, ...VALUE_COLUMNS]);
  const touch = prepareUpdate(db, TOUCHED_COLUMNS);

  return (runNo: number, nodes: FoldedNodes, changes: NodeChanges): void => {
    const changed: ChangedNode = { nodes, idx: 0, changes, slot: 0 };
    let declared: DeclaredNode | undefined;
    for (let slot = 0; slot < changes.count; slot++) {
      const idx = changes.idx[slot] ?? 0;
      changed.idx = idx;
      changed.slot = slot;
      const id = partId(runNo, idx);
      const batch = changes.declaredBy[slot];
      const hasValue = changes.valued[slot] === 1;
      if (batch !== undefined) {
        if (declared?.batch !== batch) declared = { batch, declare: batch.rows.declare, row: 0 };
        declared.row = changes.declareRows[slot] ?? 0;
        (hasValue ? insertWithValue : insert)(id, declared, changed);
      } else if (changes.transitioned[slot] === 1) {
        (hasValue ? updateBoth : updateState)(id, changed);
      } else {
        (hasValue ? updateValue : touch)(id, changed);
      }
    }
  };
}

/** Inserts a row with what the node was declared with and these columns. */
function prepareInsert(db: DatabaseSync, columns: Columns) {
  const names = ['id', ...DECLARED_COLUMNS.map(({ name }) => name), ...columns.map(({ name }) => name)];
  const statement = db.prepare(
    `INSERT INTO node (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  const declaredOf = DECLARED_COLUMNS.map(({ valueOf }) => valueOf);
  const changedOf = columns.map(({ valueOf }) => valueOf);
  const values: SQLInputValue[] = names.map(() => null);
  return (id: number, declared: DeclaredNode, changed: ChangedNode): void => {
    let at = 0;
    values[at++] = id;
    for (const valueOf of declaredOf) values[at++] = valueOf(declared);
    for (const valueOf of changedOf) values[at++] = valueOf(changed);
    statement.run(...values);
  };
}

/** Sets these columns of a row that is there. */
function prepareUpdate(db: DatabaseSync, columns: Columns) {
  const statement = db.prepare(
    `UPDATE node SET ${columns.map(({ name }) => `${name} = ?`).join(', ')} WHERE id = ?`,
  );
  const changedOf = columns.map(({ valueOf }) => valueOf);
  const values: SQLInputValue[] = [...columns.map(() => null), null];
  return (id: number, changed: ChangedNode): void => {
    let at = 0;
    for (const valueOf of changedOf) values[at++] = valueOf(changed);
    values[at] = id;
    statement.run(...values);
  };
}
