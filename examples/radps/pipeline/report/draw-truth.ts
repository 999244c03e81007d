import { formatNumber, jansky, skyFigure } from '../../report/index.ts';
import type { Block, Cell, FigureBlock, Section } from '../../report/index.ts';
import { findSources, fluxAt } from '../../science/index.ts';
import type { SkyComponent } from '../../science/index.ts';
import { compareSources } from '../compare-sources.ts';
import type { ImageFile } from '../products/stage-outputs.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';
import { readSkyImage } from './sky-image.ts';
import { readTruth } from './truth.ts';

type Sky = ReadonlyMap<string, readonly SkyComponent[]>;

/** What was found beside the sky that was simulated. */
export async function drawTruth(source: ReportSource): Promise<Section | undefined> {
  const sky = await readTruth(source.products);
  if (sky === undefined) return undefined;
  const lines = lineRows(source, sky);
  const blocks = [...(await continuumBlocks(source, sky)), ...lines];
  if (blocks.length === 0) return undefined;
  return {
    title: 'Against the simulated sky',
    note: 'These data are simulated, so it is known what should be there. Offsets are in beams (the minor axis at half power).',
    blocks,
  };
}

/** The best images that there are: of all windows, or else of single ones; and of the calibrators. */
function bestImages({ stages }: ReportSource): { folder: string; image: ImageFile }[] {
  const found = new Map<string, { folder: string; image: ImageFile }>();
  for (const stage of [stages['image-calibrators'], stages['continuum-spw'], stages['continuum-selfcal']]) {
    if (stage === undefined) continue;
    const own = new Map(stage.outputs.images.map((image) => [image.field, { folder: stage.folder, image }]));
    for (const [field, entry] of own) found.set(field, entry);
  }
  return [...found.values()];
}

async function continuumBlocks(source: ReportSource, sky: Sky): Promise<Block[]> {
  const images = limited(bestImages(source), LIMITS.continuumFields + 2, 'fields');
  const rows: Cell[][] = [];
  const figures: FigureBlock[] = [];
  for (const { folder, image } of images.shown) {
    const components = sky.get(image.field);
    if (components === undefined) continue;
    const read = await readSkyImage(folder, image.image);
    const sources = findSources(read.pixels, { ...read, beam: image.beam, noiseJy: image.noiseJy });
    const steady = components.map(({ line: _line, ...rest }) => rest);
    rows.push(...compareSources(image, sources, steady).map((found) => comparisonRow(image.field, found)));
    if (components.length < 2 || figures.length >= 2) continue;
    figures.push(
      skyFigure(`${image.field}: where sources should be`, read, {
        marks: components.map(({ l, m, name }) => ({ l, m, label: name })),
        caption: `${sources.length} sources stand seven times above the noise; circles are those of the simulated sky.`,
      }),
    );
  }
  if (rows.length === 0) return [];
  const columns = ['field', 'source', 'simulated', 'found', 'found / simulated', 'offset [beams]'];
  return [
    { kind: 'table', columns, rows: rows.slice(0, LIMITS.tableRows) },
    ...(figures.length === 0 ? [] : [{ kind: 'figures', figures } as const]),
  ];
}

function comparisonRow(
  field: string,
  { name, isExtended, trueFluxJy, found }: ReturnType<typeof compareSources>[number],
): Cell[] {
  return [
    field,
    `${name}${isExtended ? ', extended' : ''}`,
    { number: jansky(trueFluxJy) },
    found === undefined ? { chip: 'not found', tone: 'poor' } : { number: jansky(found.fluxJy) },
    { number: found === undefined ? '–' : found.fluxRatio.toFixed(3) },
    { number: found === undefined ? '–' : found.offsetBeams.toFixed(3) },
  ];
}

/** The brightest pixel of each cube beside the line that was put there. */
function lineRows({ stages }: ReportSource, sky: Sky): Block[] {
  const rows = (stages.cube?.outputs.cubes ?? []).flatMap(
    ({ field, spw, beam, peak, frequencyHz }): Cell[][] => {
      const component = sky.get(field)?.find(({ line }) => line !== undefined);
      const [low, high] = [frequencyHz[0] ?? 0, frequencyHz.at(-1) ?? 0].toSorted((a, b) => a - b);
      const centre = component?.line?.centreHz ?? 0;
      if (component === undefined || low === undefined || high === undefined || centre < low || centre > high)
        return [];
      const at = frequencyHz[peak.channel] ?? 0;
      const { line: _line, ...steady } = component;
      const expected = fluxAt(component, at) - fluxAt(steady, at);
      return [
        [
          field,
          { number: String(spw) },
          component.name,
          { number: `${formatNumber(centre / 1e9, 7)} GHz` },
          { number: `${formatNumber(at / 1e9, 7)} GHz` },
          { number: jansky(expected) },
          { number: jansky(peak.jy) },
          { number: (peak.jy / expected).toFixed(3) },
          { number: (Math.hypot(peak.l - component.l, peak.m - component.m) / beam.minorRad).toFixed(3) },
        ],
      ];
    },
  );
  if (rows.length === 0) return [];
  return [
    {
      kind: 'heading',
      text: 'Spectral lines',
      note: 'The brightest pixel of the cube; places to the nearest pixel.',
    },
    {
      kind: 'table',
      columns: [
        'target',
        'window',
        'source',
        'simulated at',
        'found at',
        'height there',
        'found',
        'found / simulated',
        'offset [beams]',
      ],
      rows: rows.slice(0, LIMITS.tableRows),
    },
  ];
}
