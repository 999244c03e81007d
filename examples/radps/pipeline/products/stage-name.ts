/** The nine stages of the example decomposition, in their order. */
export const STAGES = [
  'import-calibrators',
  'bandpass',
  'time-gain',
  'image-calibrators',
  'import-target',
  'calibrate-target',
  'cube',
  'continuum-selfcal',
  'continuum-spw',
] as const;
export type StageName = (typeof STAGES)[number];

/** What each stage is called for people. */
export const STAGE_TITLES: Readonly<Record<StageName, string>> = {
  'import-calibrators': 'Calibrator import and preparation',
  bandpass: 'Bandpass solve',
  'time-gain': 'Time-gain solve',
  'image-calibrators': 'Image calibrators',
  'import-target': 'Target import and preparation',
  'calibrate-target': 'Calibrate target and find continuum',
  cube: 'Cube imaging',
  'continuum-selfcal': 'Continuum imaging with self-calibration',
  'continuum-spw': 'Continuum imaging per spectral window',
};

export function isStageName(name: string): name is StageName {
  return STAGES.some((stage) => stage === name);
}
