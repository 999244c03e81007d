import { tableIndex } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';

/**
 * Scales the amplitudes of a gain table so that their mean power, over all unflagged solutions, is one: amplitude
 * self-calibration must not change the flux scale (Cornwell & Wilkinson 1981, MNRAS 196, 1067; Pearson & Readhead
 * 1984, ARA&A 22, 97).
 */
export function normaliseGainAmplitude(table: CalibrationTable): CalibrationTable {
  let power = 0;
  let count = 0;
  for (let solution = 0; solution < table.timeS.length; solution++) {
    for (let antenna = 0; antenna < table.antennas; antenna++) {
      for (let feed = 0; feed < table.feeds.length; feed++) {
        const at = tableIndex(table, solution, antenna, feed);
        if (table.flag[at] === 1) continue;
        power += (table.value[2 * at] ?? 0) ** 2 + (table.value[2 * at + 1] ?? 0) ** 2;
        count++;
      }
    }
  }
  const scale = power > 0 ? Math.sqrt(count / power) : 1;
  return { ...table, value: table.value.map((value) => value * scale) };
}

/** What a caller decides on after each self-calibration cycle. */
export type SelfCalVerdict = 'improved' | 'stalled' | 'worse';

/** Did a cycle help? Better by more than `minGain` (default 2 %): improved; lower than before: worse. */
export function judgeCycle(previousSnr: number, snr: number, minGain = 0.02): SelfCalVerdict {
  if (snr < previousSnr) return 'worse';
  return snr > previousSnr * (1 + minGain) ? 'improved' : 'stalled';
}
