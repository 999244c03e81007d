import { expect, it } from 'vitest';
import { emptyVisibilitySet } from '../../science/index.ts';
import { channelSet } from './channel-set.ts';
import { componentsOf, modelOf } from './clean-components.ts';
import { rowsOfScans, scanParts, selectScans } from './scan-part.ts';

const set = emptyVisibilitySet(7, Float64Array.of(1e9, 2e9, 3e9), ['XX', 'YY']);
set.scan.set([4, 4, 9, 9, 9, 2, 7]);
for (const at of set.data.keys()) set.data[at] = at;
for (const at of set.flag.keys()) {
  set.weight[at] = at;
  set.flag[at] = at % 2;
}

it.each([1, 2, 3, 4, 6])('%d parts of scans have every row once, and no scan in two', (parts) => {
  const chosen = scanParts(parts).map((part) => selectScans(set, part));
  expect(chosen.flatMap(({ data }) => [...data]).toSorted((a, b) => a - b)).toEqual([...set.data]);
  const scans = chosen.flatMap(({ scan }) => [...new Set(scan)]);
  expect(scans.toSorted((a, b) => a - b)).toEqual([2, 4, 7, 9]);
});

it('finds the rows of scans', () => {
  expect([...rowsOfScans(set, [2, 9])]).toEqual([2, 3, 4, 5]);
});

it('takes one channel out of a set', () => {
  const one = channelSet(set, 1);
  expect(one).toMatchObject({ channels: 1, rows: 7, scan: set.scan });
  expect([...one.frequencyHz]).toEqual([2e9]);
  expect([...one.data.subarray(0, 8)]).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
  expect([...one.weight.subarray(2, 4)]).toEqual([8, 9]);
  expect([...one.flag.subarray(2, 4)]).toEqual([0, 1]);
});

it('keeps a model by its components', () => {
  const model = new Float64Array(16);
  model.set([0.5, -0.25], 5);
  const components = componentsOf(model);
  expect([...components.pixel]).toEqual([5, 6]);
  expect(modelOf(components, 4)).toEqual(model);
});
