import type { ProductHeader } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';

/** What the FITS files made of some windows of one field say besides the image. */
export function productHeader(windows: readonly FieldWindow[], history: readonly string[]): ProductHeader {
  const [first] = windows;
  const centre = first?.header.fields[first.file.fieldIndex];
  if (first === undefined || centre === undefined) throw new RangeError('there is no window to image');
  let lowest = Infinity;
  let highest = -Infinity;
  let startS = Infinity;
  for (const { header, set } of windows) {
    const half = (header.spectralWindows[0]?.channelWidthHz ?? 0) / 2;
    for (const hz of set.frequencyHz) {
      lowest = Math.min(lowest, hz - half);
      highest = Math.max(highest, hz + half);
    }
    for (let row = 0; row < set.rows; row++)
      startS = Math.min(startS, (set.timeS[row] ?? 0) - (set.intervalS[row] ?? 0) / 2);
  }
  const { telescope, observer } = first.header;
  const object = first.file.field;
  return { object, telescope, observer, centre, timeS: startS, bandwidthHz: highest - lowest, history };
}
