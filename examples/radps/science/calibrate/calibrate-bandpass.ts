import { applyCalibration } from './apply.ts';
import { normaliseBandpass } from './bandpass.ts';
import type { CalibrationTable } from './calibration-table.ts';
import { solveDelays } from './solve-delays.ts';
import { solveGains, solvePerChannel } from './solve-gains.ts';
import type { CalibrationInput, GainOptions } from './solve-gains.ts';

export interface BandpassCalibration {
  /** [antenna, feed] s */
  readonly delayS: Float64Array;
  readonly delays: CalibrationTable;
  /** Of mean power one and mean phase zero. */
  readonly bandpass: CalibrationTable;
  /** Phases over time that were taken out first; of no further use but to be looked at. */
  readonly phases: CalibrationTable;
}

export type BandpassOptions = Omit<GainOptions, 'mode' | 'interval'> & {
  /** Time over which phases are steady, s. */
  readonly phaseIntervalS: number;
};

/**
 * The usual order of bandpass calibration on a strong calibrator: phases over time are taken out, per-channel
 * solutions give the delays, and with those taken out phases again and then the bandpass proper. Apply `delays`
 * and `bandpass`, in either order, before solving for gains.
 */
export function calibrateBandpass(input: CalibrationInput, options: BandpassOptions): BandpassCalibration {
  const { phaseIntervalS, ...common } = options;
  const flag = input.flag ?? input.set.flag;
  const phaseUp = { ...common, mode: 'phase', interval: phaseIntervalS } as const;
  const solve = { ...common, mode: 'amplitude_phase' } as const;
  const over = (set: CalibrationInput['set']): CalibrationInput => ({ set, model: input.model });
  const set = { ...input.set, flag };
  const steady = applyCalibration(set, [solveGains([over(set)], phaseUp)]);
  const { delayS, table: delays } = solveDelays(solvePerChannel(over(steady), solve));
  const straight = applyCalibration(set, [delays]);
  const phases = solveGains([over(straight)], phaseUp);
  const bandpass = normaliseBandpass(solvePerChannel(over(applyCalibration(straight, [phases])), solve));
  return { delayS, delays, bandpass, phases };
}
