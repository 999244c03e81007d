/** Reads cells of SQLite rows with their types checked: a cell of another type is a damaged store. */
import type { SQLOutputValue } from 'node:sqlite';
import { storeError } from '../../errors/store-error.ts';

export type Row = Readonly<Record<string | number, SQLOutputValue>>;
type Cell = SQLOutputValue | undefined;

export function toInteger(cell: Cell): number {
  if (typeof cell === 'number') return cell;
  throw unexpected('a number', cell);
}

export function toIntegerOr<T>(cell: Cell, absent: T): number | T {
  return cell === null || cell === undefined ? absent : toInteger(cell);
}

export function toText(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  throw unexpected('text', cell);
}

export function toTextOr<T>(cell: Cell, absent: T): string | T {
  return cell === null || cell === undefined ? absent : toText(cell);
}

export function toBytes(cell: Cell): Uint8Array {
  if (cell instanceof Uint8Array) return cell;
  throw unexpected('bytes', cell);
}

/** An empty array for NULL. */
export function toBytesOrNone(cell: Cell): Uint8Array {
  return cell === null || cell === undefined ? new Uint8Array(0) : toBytes(cell);
}

function unexpected(wanted: string, cell: Cell): Error {
  return storeError(
    'STORE_CORRUPT',
    `the store holds ${cell === null ? 'nothing' : typeof cell} where ${wanted} belongs`,
    'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
  );
}
