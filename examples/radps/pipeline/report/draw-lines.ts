import { join } from 'node:path';
import { formatNumber, lineFigure, rangesText } from '../../report/index.ts';
import type { FigureBlock, Section } from '../../report/index.ts';
import { readObservationHeader } from '../../science/index.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';

/** Which channels are free of lines, and on what grounds. */
export async function drawLines({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages['calibrate-target'];
  if (stage === undefined) return undefined;
  const { continuum, visibilities } = stage.outputs;
  const searches = continuum.toSorted((a, b) => Number(b.hasLine) - Number(a.hasLine));
  const drawn = limited(searches, LIMITS.lineSearches, 'windows');
  const figures: FigureBlock[] = [];
  for (const search of drawn.shown) {
    const file = visibilities.find(({ field, spw }) => field === search.field && spw === search.spw);
    const frequencyHz =
      file === undefined
        ? search.statistic.map((_, channel) => channel)
        : await frequenciesOf(join(stage.folder, file.path));
    figures.push(lineFigure({ ...search, frequencyHz }));
  }
  return {
    title: 'Line-free channels',
    note: `How far each channel departs from the others: the highest value in its image, less the median of all channels, over its noise. What is above the threshold is a line; the rest is continuum.${drawn.note}`,
    blocks: [
      { kind: 'figures', figures },
      {
        kind: 'table',
        columns: ['target', 'window', 'line', 'continuum channels', 'part', 'highest', 'threshold'],
        rows: continuum.slice(0, LIMITS.tableRows).map((search) => [
          search.field,
          { number: String(search.spw) },
          search.hasLine ? { chip: 'line', tone: 'fair' } : { chip: 'none', tone: 'none' },
          { long: rangesText(search.ranges) },
          { number: `${formatNumber(100 * search.continuumFraction)} %` },
          {
            number: formatNumber(
              search.statistic.reduce<number>((most, value) => Math.max(most, value ?? 0), 0),
            ),
          },
          { number: formatNumber(search.threshold) },
        ]),
      },
    ],
  };
}

async function frequenciesOf(folder: string): Promise<readonly number[]> {
  const { spectralWindows } = await readObservationHeader(folder);
  return spectralWindows[0]?.frequencyHz ?? [];
}
