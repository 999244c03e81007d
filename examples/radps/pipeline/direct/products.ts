import { join } from 'node:path';
import { artifact, flow, future, run, task } from 'sidereal';
import { z } from 'zod';
import { drawPng, renderObservationReport } from '../../report/index.ts';
import { DEGREE, writeProducts } from '../../science/index.ts';
import type { CleanedImage, FoundSource, Observation, SkyComponent } from '../../science/index.ts';
import { compareSources } from '../compare-sources.ts';
import type { SourceComparison } from '../compare-sources.ts';
import { windowOf } from './flag.ts';
import type { FlaggedWindow } from './flag.ts';
import type { ImagedField } from './image.ts';
import { isTransient } from '../retries.ts';
import { judge } from '../quality.ts';
import { simulatedSky, simulationInput } from './simulate.ts';
import { writeProduct } from '../write-file.ts';

/** What the deconvolution gives. */
interface Cleaned {
  readonly cleaned: CleanedImage;
  readonly sources: readonly FoundSource[];
}

/** What stands in headers and in the report about how the products were made. */
interface Making {
  readonly runId: string;
  readonly madeAtMs: number;
  readonly parameters: readonly (readonly [string, string])[];
}

/** Products go to disks that may be busy: writing is worth another try when the disk may recover. */
const RETRIES = { limit: 2, delay: '1s', factor: 2, retryIf: isTransient } as const;

const writeImages = task(
  { name: 'write-images', on: 'threads', retries: RETRIES },
  async (observation: Observation, { cleaned }: Cleaned, out: string, making: Making): Promise<string[]> => {
    const [centre] = observation.fields;
    const set = windowOf(observation, 0);
    if (centre === undefined) return [];
    const bandwidthHz = observation.spectralWindows.reduce(
      (sum, { channelWidthHz, frequencyHz }) => sum + channelWidthHz * frequencyHz.length,
      0,
    );
    return writeProducts(out, fileName(centre.name), cleaned, {
      object: centre.name,
      telescope: observation.telescope,
      observer: observation.observer,
      centre,
      timeS: set.timeS.reduce((first, time) => Math.min(first, time), Infinity),
      bandwidthHz,
      history: [
        `Sidereal run ${making.runId}`,
        ...making.parameters.map(([name, value]) => `${name}: ${value}`),
      ],
    });
  },
);

const writePreview = task(
  { name: 'write-preview', on: 'threads', retries: RETRIES },
  (observation: Observation, { cleaned }: Cleaned, out: string): Promise<string> =>
    writeProduct(
      join(out, `${fileName(observation.fields[0]?.name ?? '')}.image.png`),
      drawPng(cleaned.restored, cleaned.size),
    ),
);

const writeSources = task(
  { name: 'write-sources', retries: RETRIES },
  ({ sources }: Cleaned, out: string): Promise<string> => {
    const rows = sources.map(({ raRad, decRad, peakJy, integratedJy, snr }) =>
      [raRad / DEGREE, decRad / DEGREE, peakJy, integratedJy, snr].join(),
    );
    const columns = 'ra_deg,dec_deg,peak_jy_per_beam,integrated_jy,snr';
    return writeProduct(join(out, 'sources.csv'), `${[columns, ...rows].join('\n')}\n`);
  },
);

const writeReport = task(
  { name: 'write-report', on: 'threads', retries: RETRIES },
  (
    observation: Observation,
    flags: readonly FlaggedWindow[],
    { psf }: ImagedField,
    { cleaned, sources }: Cleaned,
    truth: readonly SkyComponent[] | undefined,
    out: string,
    making: Making,
  ): Promise<string> => {
    const set = windowOf(observation, 0);
    const [flagged] = flags;
    if (flagged === undefined) throw new RangeError('there is no spectral window to report on');
    const html = renderObservationReport({
      title: `${observation.fields[0]?.name ?? 'Observation'}: continuum image`,
      observation,
      set,
      flag: flagged.flag,
      flagging: flagged.report,
      image: cleaned,
      psf,
      sources,
      ...(truth === undefined ? {} : { truth }),
      parameters: making.parameters,
      versions: [
        ['run', making.runId],
        ['Node.js', process.version],
      ],
      madeAt: new Date(making.madeAtMs),
    });
    return writeProduct(join(out, 'report.html'), html);
  },
);

/** A name that is safe as part of a path. */
function fileName(object: string): string {
  return object.replaceAll(/[^\w.+-]/g, '_') || 'field';
}

/** Stage: writes FITS images, the table of sources and the report, and compares with the true sky if it is known. */
export const products = flow(
  {
    name: 'products',
    input: {
      observation: future<Observation>(),
      flags: future<readonly FlaggedWindow[]>(),
      field: future<ImagedField>(),
      solved: future<Cleaned>(),
      simulation: simulationInput.optional(),
      out: z.string(),
      parameters: z.array(z.tuple([z.string(), z.string()])),
    },
  },
  async ({ observation, flags, field, solved, simulation, out, parameters }) => {
    const truth = simulation === undefined ? undefined : simulatedSky(simulation);
    const making: Making = { runId: run.id, madeAtMs: run.now(), parameters };
    const images = writeImages(observation, solved, out, making);
    const preview = writePreview(observation, solved, out);
    const table = writeSources(solved, out);
    const report = writeReport(observation, flags, field, solved, truth, out, making);

    const { cleaned, sources } = await solved;
    const comparison = truth === undefined ? [] : compareSources(cleaned, sources, truth);
    await artifact.image('image', await preview);
    await artifact.table('sources', sources.map(sourceRow));
    if (comparison.length > 0) await judgeSky(comparison);
    for (const path of await images) await artifact.file(path.slice(out.length + 1), path, 'FITS image');
    await artifact.file('sources.csv', await table, 'table of sources');
    await artifact.file('report', await report, 'one HTML page with pictures');
    return { files: [...(await images), await preview, await table, await report], comparison };
  },
);

function sourceRow({ raRad, decRad, peakJy, integratedJy, snr }: FoundSource): Record<string, number> {
  return { raDeg: raRad / DEGREE, decDeg: decRad / DEGREE, peakJy, integratedJy, snr };
}

async function judgeSky(comparison: readonly SourceComparison[]): Promise<void> {
  const points = comparison.filter(({ isExtended }) => !isExtended);
  const found = comparison.filter((source) => source.found !== undefined);
  await artifact.table(
    'sources against the simulated sky',
    comparison.map(({ name, trueFluxJy, found: match }) => ({ name, trueFluxJy, ...match })),
  );
  await judge({
    name: 'completeness',
    metric: { name: 'true sources found', value: (100 * found.length) / comparison.length, unit: '%' },
    worst: 50,
    best: 100,
    message: `${found.length} of ${comparison.length} sources of the simulated sky are found`,
  });
  const worst = points.reduce((most, point) => Math.max(most, point.found?.offsetBeams ?? 1), 0);
  await judge({
    name: 'astrometry',
    metric: { name: 'largest offset of a point source', value: worst, unit: 'beam' },
    worst: 0.3,
    best: 0.05,
    message: `point sources lie within ${worst.toFixed(3)} beams of their true places`,
  });
}
