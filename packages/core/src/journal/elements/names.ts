import { reasonCode, reasonOfCode, type Reason } from '../../states/reason.ts';
import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import {
  FIRST_ROWS,
  type CollectedParts,
  type Collector,
  type Element,
  type OptionalElement,
} from './element.ts';

/** One of a list of names by its position, u8; a position beyond the list's end is damage. */
export function namedCode<Name extends string>(what: string, names: readonly Name[]) {
  const codes: ReadonlyMap<unknown, number> = new Map(names.map((name, position) => [name, position]));
  const nameOf = (position: number): Name => {
    const name = names[position];
    if (name === undefined) throw corrupt(`it holds the ${what} ${position}`);
    return name;
  };
  return {
    rowBytes: 1,
    collect: ({ memory }: CollectedParts): Collector => new NamedCodeCollector(memory, what, codes),
    read(input, rows) {
      const column = input.u8(rows);
      for (const value of column) nameOf(value);
      return column;
    },
    absent: (rows) => new Uint8Array(rows),
    field: (cells, row) => nameOf(cells[row] ?? 0),
  } satisfies Element<Name, Uint8Array>;
}

/** Why a node is in its state, u16. A number that no version up to this one wrote is kept. */
export function reason() {
  return {
    isOptional: true,
    rowBytes: 2,
    collect: ({ memory }: CollectedParts): Collector => new ReasonCollector(memory),
    read: (input, rows) => input.u16(rows),
    absent: (rows) => new Uint16Array(rows),
    field: (cells, row) => reasonOfCode(cells[row] ?? 0),
  } satisfies OptionalElement<Reason, Uint16Array>;
}

class NamedCodeCollector implements Collector {
  private data: Uint8Array;
  private readonly memory: ColumnMemory;
  private lastName: unknown;
  private lastCode = 0;
  private readonly what: string;
  private readonly codes: ReadonlyMap<unknown, number>;

  constructor(memory: ColumnMemory, what: string, codes: ReadonlyMap<unknown, number>) {
    this.memory = memory;
    this.data = memory.u8(FIRST_ROWS);
    this.what = what;
    this.codes = codes;
  }

  store(row: number, field: unknown): void {
    // Records come in runs of a kind: most need no look-up.
    if (field !== this.lastName || field === undefined) {
      const known = this.codes.get(field);
      if (known === undefined) throw invalidField(this.what, field);
      this.lastName = field;
      this.lastCode = known;
    }
    this.data[row] = this.lastCode;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u8(rows).set(this.data.subarray(0, rows));
    return false;
  }
}

class ReasonCollector implements Collector {
  private data: Uint16Array;
  private readonly memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.data = memory.u16(FIRST_ROWS);
  }

  store(row: number, field: unknown): void {
    const name = field ?? '';
    const known = name === '' ? 0 : typeof name === 'string' ? reasonCode(name) : undefined;
    if (known === undefined) throw invalidField('reason', name);
    this.data[row] = known;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u16(rows).set(this.data.subarray(0, rows));
    return false;
  }
}
