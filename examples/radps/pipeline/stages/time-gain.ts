import { artifact, flow, group, run } from 'sidereal';
import { summariseTable } from '../../science/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { applyTables } from '../calibration/apply-tables.ts';
import { listScans, rankAntennas, saveTable } from '../calibration/calibrator-tasks.ts';
import { chooseSolve } from '../calibration/choose-solve.ts';
import type { SolveChoice } from '../calibration/choose-solve.ts';
import { measureSnr, solveTimeGains } from '../calibration/gain-solver.ts';
import { finishStage } from '../finish-stage.ts';
import { tablesOfWindow } from '../products/tables-of-window.ts';
import { productsOf } from '../products/products-of.ts';
import { stageFolder } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { queryCatalogue } from '../services/query-catalogue.ts';
import { StageQuality } from '../stage-quality.ts';
import { calibratorFiles, solveSettings } from './bandpass.ts';

/**
 * Stage 3: phases and gains over time, from the gain calibrator. How strong it is in each spectral window decides
 * whether windows are solved on their own, by the best of them, or combined; the global solve for amplitude and
 * phase follows in every case.
 */
export const timeGain = flow(
  {
    name: 'time-gain',
    input: {
      imported: productsOf('import-calibrators'),
      bandpass: productsOf('bandpass'),
      settings: solveSettings,
    },
  },
  async ({ imported, bandpass, settings }): Promise<StageProducts<'time-gain'>> => {
    const { out, archive, services, failures, solverCycles, gainSnr } = settings;
    const quality = new StageQuality('time-gain');
    const folder = stageFolder(out, 'time-gain');
    const files = calibratorFiles(imported, 1);
    const [first] = files;
    if (first === undefined) throw new RangeError('the gain calibrator was not imported');
    const flux = await queryCatalogue(services, archive, first.field, 'time-gain', failures);
    const windows = files.map((file) =>
      applyTables(imported.folder, file, tablesOfWindow(file.spw, { bandpass })),
    );
    const [firstWindow] = windows;
    if (firstWindow === undefined) throw new RangeError('the gain calibrator has no window');
    const [referenceAntenna = 0] = await rankAntennas(firstWindow);
    const scans = await listScans(firstWindow);
    const options = { flux, referenceAntenna };

    const snr = await Promise.all(windows.map((window) => measureSnr(window, options)));
    const choice = chooseSolve(snr, gainSnr);
    run.log('solve chosen', { choice: choice.kind, snr });
    const members = windows.map((window) => ({ window, tables: [] }));
    const phased = await group(`phases: ${choice.kind.replace('_', ' ')}`, () =>
      solveTimeGains(
        'phase-solver',
        choice.groups.map((indices) => indices.flatMap((index) => members[index] ?? [])),
        scans,
        { ...options, mode: 'phase', interval: 'scan' },
        solverCycles,
      ),
    );
    const phaseOf = files.map((_, index) => phased.tables[choice.groupOf(index)]);
    const all = windows.map((window, index) => {
      const phase = phaseOf[index];
      return { window, tables: phase === undefined ? [] : [phase] };
    });
    const global = await group('global solve', () =>
      solveTimeGains(
        'gain-solver',
        choice.kind === 'combined' ? [all] : all.map((member) => [member]),
        scans,
        { ...options, mode: 'amplitude_phase', interval: 'scan' },
        solverCycles,
      ),
    );
    const gainOf = files.map((_, index) => global.tables[choice.kind === 'combined' ? 0 : index]);

    const phases = await Promise.all(
      files.map(async ({ spw }, index) => ({
        spw,
        path: await saveTable(folder, `phases.spw${spw}.json`, await present(phaseOf[index])),
      })),
    );
    const gains = await Promise.all(
      files.map(async ({ spw }, index) => ({
        spw,
        path: await saveTable(folder, `gains.spw${spw}.json`, await present(gainOf[index])),
      })),
    );
    for (const [index, { spw }] of files.entries())
      await judgeGains(quality, spw, await present(gainOf[index]), imported.outputs.antennas);
    await artifact.table(
      'signal-to-noise',
      files.map(({ spw }, index) => ({ spw, snr: snr[index] ?? 0 })),
    );
    return finishStage('time-gain', out, { solverCycles, gainSnr }, quality, {
      calibrator: first.field,
      fluxJy: flux.fluxJy,
      referenceAntenna: imported.outputs.antennas[referenceAntenna] ?? String(referenceAntenna),
      snr: files.map(({ spw }, index) => ({ spw, snr: snr[index] ?? 0 })),
      threshold: gainSnr,
      choice: choice.kind,
      bestSpw: bestSpw(choice, files),
      phases,
      gains,
      changes: [...phased.changes, ...global.changes],
      reason: global.reason,
    });
  },
);

function bestSpw(choice: SolveChoice, files: readonly { readonly spw: number }[]): number | null {
  return choice.kind === 'best_spw' ? (files[choice.groups[0]?.[0] ?? 0]?.spw ?? null) : null;
}

async function present(table: PromiseLike<CalibrationTable> | undefined): Promise<CalibrationTable> {
  if (table === undefined) throw new RangeError('a window has no solution');
  return table;
}

async function judgeGains(
  quality: StageQuality,
  spw: number,
  table: CalibrationTable,
  antennas: readonly string[],
): Promise<void> {
  const { flaggedFraction, medianSnr, deadAntennas } = summariseTable(table);
  const dead = deadAntennas.map((antenna) => antennas[antenna]).join(', ');
  await quality.judge({
    name: 'gain solutions',
    metric: { name: 'flagged solutions', unit: '%' },
    value: () => 100 * flaggedFraction,
    worst: 50,
    best: 12,
    message: (percent) =>
      `${percent.toFixed(1)} % of the solutions are flagged${dead === '' ? '' : `; without any: ${dead}`}`,
    scope: { spw },
  });
  await quality.judge({
    name: 'gain signal-to-noise',
    metric: { name: 'median signal-to-noise of a solution', unit: '' },
    value: () => medianSnr,
    worst: 3,
    best: 30,
    message: (snr) => `a solution stands ${snr.toFixed(0)} times above its error`,
    scope: { spw },
  });
}
