import { expect, it } from 'vitest';
import { defaultSimulation, flagVisibilities, simulateObservation } from '../science/index.ts';
import { rowsOfGroup, selectRows } from './baseline-rows.ts';

it('flags groups of baselines apart as all at once', () => {
  const set = simulateObservation(defaultSimulation({ channels: 4, scans: 2, integrations: 8 })).observation
    .sets[0]!;
  const whole = flagVisibilities(set);
  expect(whole.report.clipped + whole.report.sumThreshold).toBeGreaterThan(0);
  const width = set.channels * set.correlations.length;
  const together = new Uint8Array(set.flag.length).fill(9);
  let rows = 0;
  for (let group = 0; group < 5; group += 1) {
    const own = rowsOfGroup(set, group, 5);
    const { flag } = flagVisibilities(selectRows(set, own));
    for (const [index, row] of own.entries()) {
      together.set(flag.subarray(index * width, (index + 1) * width), row * width);
    }
    rows += own.length;
  }
  expect(rows).toBe(set.rows);
  expect(together).toEqual(whole.flag);
});
