import type { GainOptions } from '../../science/index.ts';

/** What one cycle of self-calibration solves for. */
export interface SelfCalStep {
  readonly name: string;
  readonly mode: GainOptions['mode'];
  readonly interval: 'scan' | number;
}

/** Phases first, over ever shorter times; amplitudes last, when the model is good (Cornwell & Fomalont 1999, ASP Conf. Ser. 180, 187). */
const STEPS: readonly SelfCalStep[] = [
  { name: 'phase-scan', mode: 'phase', interval: 'scan' },
  { name: 'phase-120s', mode: 'phase', interval: 120 },
  { name: 'amplitude-scan', mode: 'amplitude_phase', interval: 'scan' },
];

/** The step of a cycle, from 0; cycles beyond the last do the last once more. */
export function selfCalStep(cycle: number): SelfCalStep {
  const step = STEPS[Math.min(cycle, STEPS.length - 1)];
  if (step === undefined) throw new RangeError(`there is no cycle ${cycle} of self-calibration`);
  return step;
}
