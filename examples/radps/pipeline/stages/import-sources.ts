import { join } from 'node:path';
import { artifact, flow, run, settled, skip, task } from 'sidereal';
import { z } from 'zod';
import type { Observation } from '../../science/index.ts';
import { readArchive } from '../archive/archive.ts';
import type { Archive } from '../archive/archive.ts';
import { mockFailures } from '../failures/mock-failure.ts';
import { finishStage } from '../finish-stage.ts';
import type { ImportOutputs } from '../products/stage-outputs.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { RETRIES } from '../retries.ts';
import { queryPositions, understandPositions } from '../services/query-positions.ts';
import { servicesInput } from '../services/observatory.ts';
import { StageQuality } from '../stage-quality.ts';
import { windowed } from '../windowed.ts';
import { writeProduct } from '../write-file.ts';
import { fetchFromArchive, flagWindow, movePositions } from './prepare-window.ts';
import type { ArchiveWindow } from './prepare-window.ts';

/** What both import stages need. */
export const importSettings = z.object({
  out: z.string(),
  archive: z.string(),
  services: servicesInput,
  failures: mockFailures,
});
export type ImportSettings = z.infer<typeof importSettings>;

type ImportStage = 'import-calibrators' | 'import-target';

/** Windows that are in memory at once. */
const WIDTH = 4;

const listArchive = task({ name: 'list-archive', on: 'inline' }, (archive: string) => readArchive(archive));

const headerOf = task(
  { name: 'read-header', on: 'inline' },
  ({ sets: _sets, ...header }: Observation): Omit<Observation, 'sets'> => header,
);

const writeCorrections = task(
  { name: 'write-corrections', retries: RETRIES },
  async (folder: string, corrections: Corrections): Promise<string> =>
    writeProduct(join(folder, 'antenna-positions.json'), `${JSON.stringify(corrections, undefined, 1)}\n`),
);

type Corrections = ImportOutputs['positions']['corrections'];

/** Stage in the stage: makes the table of position corrections, and is skipped where there is nothing to correct. */
const antennaPositions = flow(
  {
    name: 'antenna-positions',
    input: z.object({ told: z.custom<ImportOutputs['positions']>(), folder: z.string() }),
  },
  async ({ told: { answer, problem, corrections }, folder }): Promise<Corrections> => {
    if (answer === 'unusable') skip(`the service gave nothing that can be used: ${problem ?? ''}`);
    if (answer === 'none') skip('there are no corrections');
    await artifact.table(
      'antenna-position corrections',
      Object.entries(corrections).map(([antenna, [x, y, z_]]) => ({ antenna, xM: x, yM: y, zM: z_ })),
    );
    await writeCorrections(folder, corrections);
    return corrections;
  },
);

/**
 * Imports the sources of some intents: fetched from the archive, at the positions of the antennas that the
 * observatory knows by now, flagged, and written source by source and window by window.
 */
export async function importSources(
  stage: ImportStage,
  intents: readonly Archive['sources'][number]['intent'][],
  { out, archive, services, failures }: ImportSettings,
): Promise<StageProducts<ImportStage>> {
  const quality = new StageQuality(stage);
  const folder = stageFolder(out, stage);
  const listed = await listArchive(archive);
  const windows = listed.sources
    .filter(({ intent }) => intents.includes(intent))
    .flatMap(({ name, fieldIndex, files }) =>
      files.map((file, spw): ArchiveWindow => ({
        field: name,
        fieldIndex,
        spw,
        path: join(archive, file),
      })),
    );
  const asked = settled(queryPositions(services, archive));
  const [first] = windows;
  if (first === undefined) throw new RangeError(`the archive has no ${intents.join(' or ')}`);
  const { antennas, fields, telescope } = await headerOf(fetchFromArchive(first, stage, failures));
  const names = antennas.map(({ name }) => name);
  const told = understandPositions(await asked, names);
  if (told.answer === 'unusable') run.log.warn('antenna positions unusable', { problem: told.problem });
  const corrections = (await settled(antennaPositions({ told, folder }))).value;

  const prepared = await windowed(windows, WIDTH, (window) => {
    const raw = fetchFromArchive(window, stage, failures);
    const moved = corrections === undefined ? raw : movePositions(raw, corrections);
    return flagWindow(moved, window, folder);
  });
  const outputs: ImportOutputs = {
    telescope,
    antennas: names,
    fields: fields.map(({ name }) => name),
    visibilities: prepared.map(({ file }) => file),
    flagging: prepared.map(({ flagging }) => flagging),
    positions: told,
  };
  await artifact.table('data shape', dataShape(outputs));
  await judgeImport(quality, outputs);
  const parameters = { intents: intents.join(', '), services: services.kind };
  return finishStage<ImportStage>(stage, out, parameters, quality, outputs);
}

/** How many windows each source has. */
function dataShape({ visibilities }: ImportOutputs): { source: string; spectralWindows: number }[] {
  const sources = [...new Set(visibilities.map(({ field }) => field))];
  return sources.map((source) => ({
    source,
    spectralWindows: visibilities.filter(({ field }) => field === source).length,
  }));
}

async function judgeImport(quality: StageQuality, { flagging, positions }: ImportOutputs): Promise<void> {
  for (const { field, spw, fraction } of flagging) {
    await quality.judge({
      name: 'flagged',
      metric: { name: 'flagged samples', unit: '%' },
      value: () => 100 * fraction,
      worst: 80,
      best: 15,
      message: (percent) => `${percent.toFixed(1)} % of ${field} in window ${spw} are not used`,
      scope: { field, spw },
    });
  }
  if (positions.answer === 'none') {
    await quality.notApplicable('antenna positions', 'the service has no corrections');
    return;
  }
  const usable = positions.answer === 'corrections';
  await quality.judge({
    name: 'antenna positions',
    metric: { name: 'answers that can be used', unit: '' },
    value: () => (usable ? 1 : 0),
    worst: -1,
    best: 1,
    message: () =>
      usable
        ? `${Object.keys(positions.corrections).length} antennas were moved to their measured positions`
        : `positions stay as they were: ${positions.problem ?? ''}`,
  });
}
