import { relative } from 'node:path';
import { formatDirection } from '../science/index.ts';
import { angleUnit, formatNumber, jansky } from '../report/index.ts';
import type { ImagingResult } from '../pipeline/direct/image-observation.ts';
import { shown } from './pipeline-summary.ts';
import { textTable } from './text-table.ts';
import type { SourceComparison } from '../pipeline/compare-sources.ts';

/** Columns of both tables that are set to the right. */
const NUMBERS = new Set([1, 2, 3, 4]);

/** What is printed at the end of a run that made an image. */
export function imagingSummary(runId: string, seconds: number, result: ImagingResult): string {
  const { image, comparison, files, out } = result;
  const unit = angleUnit(image.beam.majorRad * 30);
  const angle = (rad: number): string => `${formatNumber(rad / unit.rad)} ${unit.name}`;
  const lines = [
    `run       ${runId} completed in ${seconds.toFixed(1)} s`,
    `image     ${image.size} × ${image.size} pixels of ${angle(image.cellRad)}, ${formatNumber(image.frequencyHz / 1e9, 5)} GHz`,
    `beam      ${angle(image.beam.majorRad)} × ${angle(image.beam.minorRad)}`,
    `noise     ${jansky(image.noiseJy, '/beam')}, the peak is ${formatNumber(image.snr)} times that`,
    '',
    ...(comparison.length > 0 ? comparisonLines(comparison) : sourceLines(result)),
    '',
    `products  in ${shown(out)}`,
    ...files.map((file) => `          ${relative(out, file)}`),
    '',
    `look      ${shown(files.find((file) => file.endsWith('.html')) ?? out)} in a browser`,
    `more      npx sidereal show ${runId}`,
  ];
  return `${lines.join('\n')}\n`;
}

function comparisonLines(comparison: readonly SourceComparison[]): string[] {
  const rows = comparison.map(({ name, isExtended, trueFluxJy, found }) => [
    isExtended ? `${name}, extended` : name,
    formatNumber(trueFluxJy, 4),
    found === undefined ? 'not found' : formatNumber(found.fluxJy, 4),
    found === undefined ? '' : found.fluxRatio.toFixed(3),
    found === undefined ? '' : found.offsetBeams.toFixed(3),
  ]);
  const head = ['simulated', 'true [Jy]', 'found [Jy]', 'found/true', 'offset [beams]'];
  return textTable(head, rows, NUMBERS);
}

/** The brightest sources, when nobody knows the truth. */
function sourceLines({ sources, image }: ImagingResult): string[] {
  if (sources.length === 0) {
    return [
      'no source stands seven times above the noise; data whose phases are not calibrated look like this',
    ];
  }
  const rows = sources.slice(0, 10).map((source) => {
    const { ra, dec } = formatDirection(source);
    const offset = Math.hypot(source.l, source.m) / image.beam.minorRad;
    return [ra, dec, jansky(source.peakJy), jansky(source.integratedJy), formatNumber(offset)];
  });
  const more = sources.length > 10 ? [`and ${sources.length - 10} more, in sources.csv`] : [];
  return [
    ...textTable(['right ascension', 'declination', 'peak', 'flux', 'from centre [beams]'], rows, NUMBERS),
    ...more,
  ];
}
