import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { writeObservation } from './observation-folder.ts';
import { sampleVisibilities } from './visibility-sample.ts';

it('a sample of visibilities has those of the folder, without flagged ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sample-'));
  const path = join(folder, 'observation');
  const { observation } = simulateObservation(defaultSimulation({ channels: 6, scans: 2, integrations: 3 }));
  const [set] = observation.sets;
  const flag = set!.flag.slice();
  const nCorrelation = set!.correlations.length;
  for (let row = 0; row < set!.rows; row += 2)
    for (let hand = 0; hand < nCorrelation; hand++) flag[(row * 6 + 4) * nCorrelation + hand] = 1;
  await writeObservation(path, { ...observation, sets: [{ ...set!, flag }] });

  const all = await sampleVisibilities(path, { maxRows: 1e6, channels: () => [4, 99] });
  expect(all).toMatchObject({ rows: set!.rows, ofRows: set!.rows, channels: [4], ofChannels: 6 });
  const perMetre = set!.frequencyHz[4]! / SPEED_OF_LIGHT;
  const sample = (1 * 6 + 4) * nCorrelation;
  expect(all.u[0]).toBeCloseTo(set!.uvwM[3]! * perMetre, 9);
  expect(all.v[0]).toBeCloseTo(set!.uvwM[4]! * perMetre, 9);
  expect(all.amplitude[0]).toBeCloseTo(Math.hypot(set!.data[2 * sample]!, set!.data[2 * sample + 1]!), 6);
  const usable = [...flag.keys()].filter((at) => flag[at] === 0 && Math.floor(at / nCorrelation) % 6 === 4);
  expect(all.amplitude).toHaveLength(usable.length);

  const some = await sampleVisibilities(path, { maxRows: 100, channels: () => [0, 3] });
  expect(some.rows).toBe(100);
  expect(some.u.length).toBeGreaterThan(100);
  expect(some).toEqual(await sampleVisibilities(path, { maxRows: 100, channels: () => [0, 3] }));

  await truncate(join(path, 'spw-0', 'data.npy'), 4000);
  await expect(sampleVisibilities(path, { maxRows: 1e6, channels: () => [0] })).rejects.toMatchObject({
    code: 'OBSERVATION_INVALID',
  });
  await rm(folder, { recursive: true });
});
