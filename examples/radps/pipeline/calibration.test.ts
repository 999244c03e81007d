import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { robustSpread, simulateWindow, tableIndex } from '../science/index.ts';
import type { CalibrationTable } from '../science/index.ts';
import { simulationOptions } from './archive/simulation.ts';
import { readTable } from './products/calibration-file.ts';
import { readStageProducts } from './products/stage-products.ts';
import { completePipeline, digests, outcomeOf, runPipeline, SMALL } from './testing.ts';

let folder: string;
let out: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-calibration-'));
  out = join(folder, 'whole');
  const result = await completePipeline(folder, { mode: 'calibration', out });
  expect(result.stages.map(({ stage, state }) => [stage, state])).toEqual([
    ['import-calibrators', 'completed'],
    ['bandpass', 'completed'],
    ['time-gain', 'completed'],
    ['image-calibrators', 'completed'],
  ]);
}, 180_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
});

type Complex = readonly [re: number, im: number];
const times = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const over = (a: Complex, b: Complex): Complex => {
  const power = b[0] ** 2 + b[1] ** 2;
  return [(a[0] * b[0] + a[1] * b[1]) / power, (a[1] * b[0] - a[0] * b[1]) / power];
};
const entry = (table: CalibrationTable, at: number): Complex => [
  table.value[2 * at]!,
  table.value[2 * at + 1]!,
];

describe('calibration', () => {
  it('recovers the gains that the data were corrupted with, within their noise', async () => {
    const gains = (await readStageProducts(out, 'time-gain'))!;
    const bandpasses = (await readStageProducts(out, 'bandpass'))!;
    expect(gains.outputs.choice).toBe('per_spw');
    for (const spw of [0, 1]) {
      const { instrument } = simulateWindow(simulationOptions(SMALL), spw);
      const table = async (stage: { folder: string }, files: readonly { spw: number; path: string }[]) =>
        readTable(join(stage.folder, files.find((file) => file.spw === spw)!.path));
      const phases = await table(gains, gains.outputs.phases);
      const gain = await table(gains, gains.outputs.gains);
      const delays = await table(bandpasses, bandpasses.outputs.delays);
      const bandpass = await table(bandpasses, bandpasses.outputs.bandpass);
      const reference = gain.referenceAntenna;
      const amplitude: number[] = [];
      const phase: number[] = [];
      for (const [solution, time] of gain.timeS.entries()) {
        // The true gain of the middle of the scan: noise-free, so nearest is good enough.
        const truth = instrument!.gain;
        const near = [...truth.timeS.keys()].reduce((best, index) =>
          Math.abs(truth.timeS[index]! - time) < Math.abs(truth.timeS[best]! - time) ? index : best,
        );
        for (let antenna = 0; antenna < gain.antennas; antenna++) {
          for (const feed of [0, 1]) {
            const at = tableIndex(gain, solution, antenna, feed);
            if (gain.flag[at] === 1) continue;
            const ratioOf = (ant: number, channel: number): Complex => {
              const solved = times(
                times(
                  entry(phases, tableIndex(phases, solution, ant, feed)),
                  entry(gain, tableIndex(gain, solution, ant, feed)),
                ),
                times(
                  entry(delays, tableIndex(delays, 0, ant, feed, channel)),
                  entry(bandpass, tableIndex(bandpass, 0, ant, feed, channel)),
                ),
              );
              const real = times(
                entry(truth, tableIndex(truth, near, ant, feed)),
                entry(instrument!.bandpass, tableIndex(instrument!.bandpass, 0, ant, feed, channel)),
              );
              return over(solved, real);
            };
            const ratio = over(ratioOf(antenna, 6), ratioOf(reference, 6));
            amplitude.push(Math.hypot(...ratioOf(antenna, 6)) - 1);
            if (antenna !== reference) phase.push(Math.atan2(ratio[1], ratio[0]));
          }
        }
      }
      // A bandpass channel has a signal-to-noise of about 40: errors of 2.5 %.
      expect(amplitude.length).toBeGreaterThan(50);
      expect(robustSpread(amplitude).sigma).toBeLessThan(0.05);
      expect(Math.abs(robustSpread(amplitude).median)).toBeLessThan(0.02);
      expect(robustSpread(phase).sigma).toBeLessThan(0.06);
    }
  });

  it('finds the flux densities of the calibrators', async () => {
    const { outputs } = (await readStageProducts(out, 'image-calibrators'))!;
    expect(outputs.images.map(({ field }) => field)).toEqual(['J1752-2956', 'J1851+0035']);
    for (const [index, fluxJy] of [8, 2].entries())
      expect(outputs.images[index]!.peakJy / fluxJy).toBeCloseTo(1, 1);
  });

  it('flags the antenna that delivers noise, and never refers to it', async () => {
    const [dead] = simulationOptions(SMALL).errors!.deadAntennas;
    const { outputs, qa } = (await readStageProducts(out, 'time-gain'))!;
    const names = (await readStageProducts(out, 'import-calibrators'))!.outputs.antennas;
    expect(outputs.referenceAntenna).not.toBe(names[dead!]);
    expect(qa.some(({ message }) => message.includes(`without any: ${names[dead!]}`))).toBe(true);
  });

  it('makes the same products from the same inputs, byte by byte, a stage alone as in a whole run', async () => {
    const alone = join(folder, 'alone');
    const result = await completePipeline(folder, {
      only: ['bandpass', 'time-gain'],
      inputs: out,
      out: alone,
    });
    expect(result.stages.map(({ stage }) => stage)).toEqual(['bandpass', 'time-gain']);
    for (const stage of ['bandpass', 'time-gain']) {
      expect(await digests(join(alone, 'stages', stage))).toEqual(await digests(join(out, 'stages', stage)));
    }
  });

  it('names what a stage alone lacks', async () => {
    const { state, error } = await runPipeline(folder, {
      only: ['time-gain'],
      inputs: join(folder, 'nothing'),
      out: join(folder, 'lacking'),
    });
    expect(state).toBe('failed');
    expect(error).toMatchObject({
      code: 'INPUTS_MISSING',
      message: expect.stringContaining('import-calibrators, bandpass'),
    });
  });

  it('gets through random failures to the same products', async () => {
    const failing = join(folder, 'failing');
    await completePipeline(folder, {
      until: 'bandpass',
      out: failing,
      failures: { stages: ['import-calibrators', 'bandpass'], rate: 0.4, seed: 7 },
    });
    expect(await digests(join(failing, 'stages', 'bandpass'))).toEqual(
      await digests(join(out, 'stages', 'bandpass')),
    );
  });
});

describe('the signal-to-noise of the gain calibrator', () => {
  const solve = async (name: string, gainSnr: number) => {
    const here = join(folder, name);
    await completePipeline(folder, { only: ['time-gain'], inputs: out, out: here, gainSnr });
    return (await readStageProducts(here, 'time-gain'))!.outputs;
  };

  it('decides whether windows are solved alone, by the best of them, or combined', async () => {
    const { snr } = (await readStageProducts(out, 'time-gain'))!.outputs;
    const best = snr[0]!.snr > snr[1]!.snr ? 0 : 1;
    const between = (snr[0]!.snr + snr[1]!.snr) / 2;
    expect(await solve('best', between)).toMatchObject({ choice: 'best_spw', bestSpw: best });
    expect(await solve('combined', 1e6)).toMatchObject({ choice: 'combined', bestSpw: null });
  });
});

describe('the antenna-position service', () => {
  const importWith = async (positions: string, positionErrors = true) => {
    const here = join(folder, positions);
    const result = await completePipeline(folder, {
      only: ['import-calibrators'],
      out: here,
      services: { kind: 'simulated', positions },
      simulation: { ...SMALL, channels: 4, spectralWindows: 1, visits: 1, positionErrors },
    });
    const products = (await readStageProducts(here, 'import-calibrators'))!;
    return { outcome: outcomeOf(result, 'import-calibrators')!, ...products };
  };

  it('may have nothing to say', async () => {
    const { outputs, qa } = await importWith('none', false);
    expect(outputs.positions).toEqual({ answer: 'none', corrections: {} });
    expect(qa.find(({ name }) => name === 'antenna positions')!.score).toBeNull();
  });

  it.each([
    ['rubbish', 'rubbish'],
    ['down', 'does not answer'],
  ])('may be %s: the stage goes on and says so', async (mood, problem) => {
    const { outputs, outcome } = await importWith(mood);
    expect(outputs.positions).toMatchObject({
      answer: 'unusable',
      problem: expect.stringContaining(problem),
      corrections: {},
    });
    expect(outcome).toMatchObject({ state: 'completed', score: 0.5 });
  });
});
