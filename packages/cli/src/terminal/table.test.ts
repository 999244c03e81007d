import { expect, test } from 'vitest';
import { makeStyle } from './style.ts';
import { pairLines, tableLines } from './table.ts';

const style = makeStyle(false, true);
const columns = [
  { title: 'name', shrink: 1 },
  { title: 'took', align: 'right' as const },
  { title: 'why', shrink: 2 },
];
const rows = [
  [{ text: 'grid-channel' }, { text: '12 ms' }, { text: 'no signal in channel 3' }],
  [{ text: 'add' }, { text: '3.2 s' }, { text: '' }],
];

test('a table has columns as wide as they need, and no blanks at the end of lines', () => {
  expect(tableLines(columns, rows, { style, width: 80 })).toEqual([
    'name           took  why',
    'grid-channel  12 ms  no signal in channel 3',
    'add           3.2 s',
  ]);
});

test('where it is narrow, columns give up room in the order in which they may', () => {
  expect(tableLines(columns, rows, { style, width: 33 })).toEqual([
    'name           took  why',
    'grid-channel  12 ms  no signal i…',
    'add           3.2 s',
  ]);
  expect(tableLines(columns, rows, { style, width: 27 })).toEqual([
    'name         took  why',
    'grid-chan…  12 ms  no sign…',
    'add         3.2 s',
  ]);
});

test('where it is too narrow for all, columns that may be are left out, the last first', () => {
  const wide = [{ title: 'run' }, { title: 'created', optional: true }, { title: 'nodes', optional: true }];
  const cells = [[{ text: '20261121t031402-k3f9x2' }, { text: '3 s ago' }, { text: '12' }]];
  const at = (width: number): string[] => tableLines(wide, cells, { style, width });
  expect(at(40)[1]).toBe('20261121t031402-k3f9x2  3 s ago  12');
  expect(at(35)).toEqual(['run                     created', '20261121t031402-k3f9x2  3 s ago']);
  expect(at(20)).toEqual(['run', '20261121t031402-k3f9x2']);
});

test('colours do not count as width', () => {
  const coloured = makeStyle(true, true);
  const [, line] = tableLines(
    [{ title: 'a' }, { title: 'b' }],
    [[{ text: 'x', colour: 'done' }, { text: 'y' }]],
    {
      style: coloured,
      width: 20,
    },
  );
  expect(line).toBe('\u001B[34mx\u001B[0m  y');
});

test('pairs are aligned', () => {
  expect(
    pairLines(
      [
        ['id', '1'],
        ['flow', 'cube'],
        ['', 'more'],
      ],
      { style },
    ),
  ).toEqual(['  id    1', '  flow  cube', '        more']);
});
