import { applyCalibration } from '../calibrate/apply.ts';
import { tableIndex } from '../calibrate/calibration-table.ts';
import type { CalibrationTable } from '../calibrate/calibration-table.ts';
import { normaliseGainAmplitude } from '../calibrate/self-calibration.ts';
import { solveGains } from '../calibrate/solve-gains.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import type { HybridKind, HybridOptions } from './hybrid-options.ts';

type Stations = Pick<HybridOptions, 'antennas' | 'referenceAntenna'>;

/** A set with the station phases of every time solved for against a model (`predicted`, as `predictModel` gives it). */
export function calibratePhases(
  set: VisibilitySet,
  predicted: Float64Array,
  { antennas, referenceAntenna }: Stations,
): VisibilitySet {
  const table = solveGains([{ set, model: predicted }], {
    antennas,
    referenceAntenna,
    mode: 'phase',
    interval: 1,
    minBaselines: 2,
    minSnr: 0,
  });
  return applyFactors(set, table);
}

/** Station amplitudes, common to all sets and of mean power one: constant over all the time, or one a scan. */
export function solveAmplitudes(
  sets: readonly VisibilitySet[],
  predicted: readonly Float64Array[],
  kind: Exclude<HybridKind, 'phase'>,
  { antennas, referenceAntenna }: Stations,
): CalibrationTable {
  const inputs = sets.map((set, index) => ({ set, model: predicted[index] ?? new Float64Array(0) }));
  const table = solveGains(inputs, {
    antennas,
    referenceAntenna,
    mode: 'amplitude_phase',
    interval: kind === 'amplitude_all' ? 'all' : 'scan',
    minBaselines: 3,
    minSnr: 3,
  });
  return normaliseGainAmplitude(table);
}

/** A set without the factors of a table; stations that have none stay as they are. */
export function applyFactors(set: VisibilitySet, table: CalibrationTable): VisibilitySet {
  return applyCalibration(set, [table], { unsolved: 'keep', interpolation: 'nearest' });
}

/**
 * The station amplitudes of several tables of the same solutions multiplied: [solution, antenna], 1 where a station
 * was never solved for. Tables of one feed and channel, as those of total intensity are.
 */
export function amplitudeProduct(tables: readonly CalibrationTable[], antennas: number): Float64Array {
  const product = new Float64Array((tables[0]?.timeS.length ?? 1) * antennas).fill(1);
  for (const table of tables) {
    for (let at = 0; at < product.length; at++) {
      const entry = tableIndex(table, Math.floor(at / antennas), at % antennas, 0);
      if (table.flag[entry] !== 0) continue;
      const amplitude = Math.hypot(table.value[2 * entry] ?? 1, table.value[2 * entry + 1] ?? 0);
      product[at] = (product[at] ?? 1) * amplitude;
    }
  }
  return product;
}
