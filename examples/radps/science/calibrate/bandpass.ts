import { tableIndex } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';

/**
 * Scales a bandpass so that each antenna and feed has a mean power of one and a mean phase of zero over its
 * unflagged channels: flux scale and time-dependent phase stay with the gains. Flagged channels between good
 * ones are filled by interpolation (amplitude and phase along the line between the neighbours), and unflagged.
 */
export function normaliseBandpass(table: CalibrationTable, fillGaps = true): CalibrationTable {
  const value = table.value.slice();
  const flag = table.flag.slice();
  const channels = table.frequencyHz.length;
  for (let solution = 0; solution < table.timeS.length; solution++) {
    for (let antenna = 0; antenna < table.antennas; antenna++) {
      for (let feed = 0; feed < table.feeds.length; feed++) {
        const start = tableIndex(table, solution, antenna, feed);
        normaliseLine(value, flag, start, channels);
        if (fillGaps) fillLine(value, flag, start, channels);
      }
    }
  }
  return { ...table, value, flag };
}

function normaliseLine(value: Float64Array, flag: Uint8Array, start: number, channels: number): void {
  let power = 0;
  let re = 0;
  let im = 0;
  let count = 0;
  for (let at = start; at < start + channels; at++) {
    if (flag[at] === 1) continue;
    const x = value[2 * at] ?? 0;
    const y = value[2 * at + 1] ?? 0;
    power += x * x + y * y;
    re += x;
    im += y;
    count++;
  }
  const size = Math.hypot(re, im);
  if (count === 0 || size === 0) return;
  const scale = 1 / Math.sqrt(power / count);
  const cos = (scale * re) / size;
  const sin = (-scale * im) / size;
  for (let at = start; at < start + channels; at++) {
    if (flag[at] === 1) continue;
    const x = value[2 * at] ?? 0;
    const y = value[2 * at + 1] ?? 0;
    value[2 * at] = x * cos - y * sin;
    value[2 * at + 1] = x * sin + y * cos;
  }
}

/** Fills flagged channels that have an unflagged one on both sides. */
function fillLine(value: Float64Array, flag: Uint8Array, start: number, channels: number): void {
  let last = -1;
  for (let channel = 0; channel < channels; channel++) {
    if (flag[start + channel] === 1) continue;
    for (let gap = last + 1; last >= 0 && gap < channel; gap++) {
      const place = (gap - last) / (channel - last);
      const [re, im] = interpolateGain(value, start + last, start + channel, place);
      value[2 * (start + gap)] = re;
      value[2 * (start + gap) + 1] = im;
      flag[start + gap] = 0;
    }
    last = channel;
  }
}

/** Between two entries of `value`: amplitude and phase each along the straight (and shorter) way. */
export function interpolateGain(
  value: Float64Array,
  from: number,
  to: number,
  place: number,
): [number, number] {
  const aRe = value[2 * from] ?? 0;
  const aIm = value[2 * from + 1] ?? 0;
  const bRe = value[2 * to] ?? 0;
  const bIm = value[2 * to + 1] ?? 0;
  const amplitude = Math.hypot(aRe, aIm) * (1 - place) + Math.hypot(bRe, bIm) * place;
  const turn = Math.atan2(bIm * aRe - bRe * aIm, bRe * aRe + bIm * aIm);
  const phase = Math.atan2(aIm, aRe) + place * turn;
  return [amplitude * Math.cos(phase), amplitude * Math.sin(phase)];
}
