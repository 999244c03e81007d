import { join } from 'node:path';
import { visibilityFigures } from '../../report/index.ts';
import type { FigureBlock, Section } from '../../report/index.ts';
import { sampleVisibilities } from '../../science/index.ts';
import type { VisibilitySample } from '../../science/index.ts';
import type { VisibilityFile } from '../products/stage-outputs.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';

/** Coverage of the u, v plane and amplitudes of each target, calibrated. */
export async function drawVisibilities({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages['calibrate-target'];
  if (stage === undefined) return undefined;
  const { visibilities, fallback } = stage.outputs;
  const fields = limited(
    [...new Set(visibilities.map(({ field }) => field))],
    LIMITS.visibilityFields,
    'targets',
  );
  const figures: FigureBlock[] = [];
  for (const field of fields.shown) {
    const files = spread(
      visibilities.filter((file) => file.field === field),
      LIMITS.visibilityWindows,
    );
    figures.push(...visibilityFigures(field, await sampleOf(stage.folder, files)));
  }
  const missing =
    fallback.length === 0 ? '' : ` Ones were applied in place of missing tables: ${fallback.join(', ')}.`;
  return {
    title: 'Calibrated visibilities',
    note: `A sample of each target, without flagged samples.${missing}${fields.note}`,
    blocks: [{ kind: 'figures', figures }],
  };
}

async function sampleOf(
  folder: string,
  files: readonly VisibilityFile[],
): Promise<{ u: Float64Array; v: Float64Array; amplitude: Float64Array; caption: string }> {
  const samples: VisibilitySample[] = [];
  for (const { path } of files) {
    const options = { maxRows: LIMITS.visibilityRows, channels: threeOf };
    samples.push(await sampleVisibilities(join(folder, path), options));
  }
  const join_ = (pick: (sample: VisibilitySample) => Float64Array): Float64Array =>
    Float64Array.from(samples.flatMap((sample) => [...pick(sample)]));
  const rows = samples.reduce((sum, sample) => sum + sample.rows, 0);
  const ofRows = samples.reduce((sum, sample) => sum + sample.ofRows, 0);
  const some =
    rows < ofRows ? `${rows.toLocaleString('en')} of ${ofRows.toLocaleString('en')} rows` : 'all rows';
  return {
    u: join_(({ u }) => u),
    v: join_(({ v }) => v),
    amplitude: join_(({ amplitude }) => amplitude),
    caption: `Window${files.length === 1 ? '' : 's'} ${files.map(({ spw }) => spw).join(', ')}, channels ${samples[0]?.channels.join(', ') ?? ''}, ${some}; each with its mirror image.`,
  };
}

/** Channels a sixth, a half and five sixths into the window, where the edges of the band do not show. */
function threeOf(count: number): number[] {
  return [...new Set([1 / 6, 1 / 2, 5 / 6].map((place) => Math.floor(place * count)))];
}

/** At most so many of some things, first and last among them. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, index) =>
    Math.round((index * (items.length - 1)) / (most - 1)),
  ).flatMap((at) => items[at] ?? []);
}
