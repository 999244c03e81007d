import { artifact, flow, task } from 'sidereal';
import { z } from 'zod';
import { summariseTable } from '../../science/index.ts';
import { solveBandpass } from '../calibration/bandpass-solver.ts';
import { listScans, rankAntennas, saveTable } from '../calibration/calibrator-tasks.ts';
import type { BandpassModel } from '../calibration/calibrator-tasks.ts';
import { mockFailures } from '../failures/mock-failure.ts';
import { finishStage } from '../finish-stage.ts';
import type { TableFile } from '../products/stage-outputs.ts';
import { productsOf } from '../products/products-of.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { RETRIES } from '../retries.ts';
import { servicesInput } from '../services/observatory.ts';
import { queryCatalogue } from '../services/query-catalogue.ts';
import { StageQuality } from '../stage-quality.ts';
import { openVisibilities } from '../visibilities.ts';
import { writeTable } from '../products/calibration-file.ts';

export const solveSettings = z.object({
  out: z.string(),
  archive: z.string(),
  services: servicesInput,
  failures: mockFailures,
  /** Most cycles of the iterative solvers. */
  solverCycles: z.int().min(1),
  /** Median signal-to-noise of a phase solution from which on a window is solved on its own. */
  gainSnr: z.number().positive(),
});

const saveBandpass = task(
  { name: 'save-bandpass', retries: RETRIES },
  async (folder: string, spw: number, { delays, bandpass }: BandpassModel) => ({
    delay: await writeTable(folder, `delays.spw${spw}.json`, delays),
    bandpass: await writeTable(folder, `bandpass.spw${spw}.json`, bandpass),
  }),
);

/** Stage 2: delays and bandpass of every spectral window, from the bandpass calibrator. */
export const bandpass = flow(
  {
    name: 'bandpass',
    input: { imported: productsOf('import-calibrators'), settings: solveSettings },
  },
  async ({ imported, settings }): Promise<StageProducts<'bandpass'>> => {
    const { out, archive, services, failures, solverCycles } = settings;
    const quality = new StageQuality('bandpass');
    const folder = stageFolder(out, 'bandpass');
    const files = calibratorFiles(imported, 0);
    const [first] = files;
    if (first === undefined) throw new RangeError('the bandpass calibrator was not imported');
    const flux = await queryCatalogue(services, archive, first.field, 'bandpass', failures);
    const windows = files.map((file) => openVisibilities(imported.folder, file));
    const [firstWindow] = windows;
    if (firstWindow === undefined) throw new RangeError('the bandpass calibrator has no window');
    const [referenceAntenna = 0] = await rankAntennas(firstWindow);
    const scans = await listScans(firstWindow);
    const solved = await solveBandpass(windows, scans, { flux, referenceAntenna }, solverCycles);

    const saved = await Promise.all(
      solved.models.map((model, index) => saveBandpass(folder, files[index]?.spw ?? index, model)),
    );
    const phases = await Promise.all(
      solved.phases.map((table, index) =>
        saveTable(folder, `phases.spw${files[index]?.spw ?? index}.json`, table),
      ),
    );
    const tables = (path: (index: number) => string | undefined): TableFile[] =>
      files.map(({ spw }, index) => ({ spw, path: path(index) ?? '' }));
    for (const [index, model] of solved.models.entries())
      await judgeBandpass(
        quality,
        files[index]?.spw ?? index,
        (await model).bandpass,
        imported.outputs.antennas,
      );
    await artifact.table(
      'bandpass solver',
      solved.changes.map((change, index) => ({ cycle: index + 1, change })),
    );
    return finishStage('bandpass', out, { solverCycles }, quality, {
      calibrator: first.field,
      fluxJy: flux.fluxJy,
      referenceAntenna: imported.outputs.antennas[referenceAntenna] ?? String(referenceAntenna),
      delays: tables((index) => saved[index]?.delay),
      bandpass: tables((index) => saved[index]?.bandpass),
      phases: tables((index) => phases[index]),
      changes: [...solved.changes],
      reason: solved.reason,
    });
  },
);

/** The windows of the calibrator that came first (bandpass) or second (gain). */
export function calibratorFiles(
  { outputs }: StageProducts<'import-calibrators'>,
  which: 0 | 1,
): StageProducts<'import-calibrators'>['outputs']['visibilities'] {
  const fields = [...new Set(outputs.visibilities.map(({ fieldIndex }) => fieldIndex))].toSorted(
    (a, b) => a - b,
  );
  const wanted = fields[Math.min(which, fields.length - 1)];
  return outputs.visibilities.filter(({ fieldIndex }) => fieldIndex === wanted);
}

async function judgeBandpass(
  quality: StageQuality,
  spw: number,
  table: BandpassModel['bandpass'],
  antennas: readonly string[],
): Promise<void> {
  const { flaggedFraction, medianSnr, deadAntennas } = summariseTable(table);
  await quality.judge({
    name: 'bandpass solutions',
    metric: { name: 'flagged solutions', unit: '%' },
    value: () => 100 * flaggedFraction,
    worst: 50,
    best: 12,
    message: (percent) =>
      `${percent.toFixed(1)} % of the solutions are flagged${deadAntennas.length === 0 ? '' : `; without any: ${deadAntennas.map((antenna) => antennas[antenna]).join(', ')}`}`,
    scope: { spw },
  });
  await quality.judge({
    name: 'bandpass signal-to-noise',
    metric: { name: 'median signal-to-noise of a channel', unit: '' },
    value: () => medianSnr,
    worst: 5,
    best: 50,
    message: (snr) => `a channel's solution stands ${snr.toFixed(0)} times above its error`,
    scope: { spw },
  });
}
