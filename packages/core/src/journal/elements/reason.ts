import { reasonCode, reasonOfCode, type Reason } from '../../states/reason.ts';
import { grown } from '../wire/grown.ts';
import { invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type OptionalElement } from './element.ts';

/** Why a node is in its state: u16. A number that no version up to this one wrote is kept. */
export function reason(): OptionalElement<Reason, Uint16Array> {
  return {
    isOptional: true,
    rowBytes: 2,
    collect(name) {
      let data = new Uint16Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name] ?? '';
          const known = value === '' ? 0 : typeof value === 'string' ? reasonCode(value) : undefined;
          if (known === undefined) throw invalidField('reason', value);
          data[row] = known;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.u16(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read: (input, rows) => input.u16(rows),
    absent: (rows) => new Uint16Array(rows),
    field: (cells, row) => reasonOfCode(cells[row] ?? 0),
  };
}
