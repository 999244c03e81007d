import { defaultFlagOptions } from '../flag/flag-visibilities.ts';
import type { FlagOptions } from '../flag/flag-visibilities.ts';

/**
 * Flagging of very long baselines. Interference of one station hardly correlates with another's, while amplitudes
 * truly change: along a track through the nulls of a compact source by more than a clip about a baseline's median
 * allows, and over minutes with the atmosphere. So there is no clip, and only single samples that stand 20 times the
 * spread out of their own scan are flagged: those of a failed recorder or correlator.
 */
export const vlbiFlagOptions: FlagOptions = {
  ...defaultFlagOptions,
  clipThreshold: Infinity,
  threshold: 20,
  longestRun: 1,
};
