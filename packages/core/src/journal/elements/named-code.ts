import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Element } from './element.ts';

/** One of a list of names by its position, one byte; a position beyond the list's end is damage. */
export function namedCode<Name extends string>(
  what: string,
  names: readonly Name[],
): Element<Name, Uint8Array> {
  const codes: ReadonlyMap<unknown, number> = new Map(names.map((name, position) => [name, position]));
  return {
    rowBytes: 1,
    collect(name) {
      let data = new Uint8Array(FIRST_ROWS);
      let lastName: unknown;
      let lastCode = 0;
      return {
        add(row, record) {
          const value = record[name];
          // Records come in runs of a kind: most need no look-up.
          if (value !== lastName || value === undefined) {
            const known = codes.get(value);
            if (known === undefined) throw invalidField(what, value);
            lastName = value;
            lastCode = known;
          }
          data[row] = lastCode;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.u8(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read(input, rows) {
      const column = input.u8(rows);
      for (const value of column) nameOf(value);
      return column;
    },
    absent: (rows) => new Uint8Array(rows),
    field: (cells, row) => nameOf(cells[row] ?? 0),
  };

  function nameOf(position: number): Name {
    const name = names[position];
    if (name === undefined) throw corrupt(`it holds the ${what} ${position}`);
    return name;
  }
}
