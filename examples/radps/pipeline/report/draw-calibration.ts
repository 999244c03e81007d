import { join } from 'node:path';
import {
  convergenceFigure,
  delayFigure,
  formatNumber,
  snrChoiceFigure,
  TABLE_COLUMNS,
  tableFigures,
  tableRow,
} from '../../report/index.ts';
import type { Block, Cell, FigureBlock, Section } from '../../report/index.ts';
import type { CalibrationTable } from '../../science/index.ts';
import { readTable } from '../products/calibration-file.ts';
import type { TableFile } from '../products/stage-outputs.ts';
import { reasonText } from './reason-text.ts';
import { LIMITS } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';

/** Tables of one kind: every one becomes a row, the first windows' become figures. */
interface TableGroup {
  readonly name: string;
  readonly files: readonly TableFile[];
  readonly draw: (table: CalibrationTable, title: string) => FigureBlock[];
}

/** Delays and bandpass, from the bandpass calibrator. */
export async function drawBandpass({ stages }: ReportSource): Promise<Section | undefined> {
  const { bandpass } = stages;
  if (bandpass === undefined) return undefined;
  const { calibrator, fluxJy, referenceAntenna, delays, phases, changes, reason } = bandpass.outputs;
  const all = antennaNames(stages);
  const names = all.slice(0, LIMITS.antennas);
  const tables = await drawTables(bandpass.folder, all, [
    { name: 'Delay', files: delays, draw: (table, title) => [delayFigure(title, table, names)] },
    {
      name: 'Bandpass',
      files: bandpass.outputs.bandpass,
      draw: (table, title) => tableFigures(table, names, title),
    },
    {
      name: 'Phases taken out first',
      files: phases,
      draw: (table, title) => tableFigures(table, names, title),
    },
  ]);
  return {
    title: 'Bandpass',
    note: `From ${calibrator}, ${formatNumber(fluxJy)} Jy; reference antenna ${referenceAntenna}. What is flagged is not drawn.${tables.note}`,
    blocks: [
      ...tables.blocks,
      {
        kind: 'figures',
        figures: [
          ...tables.figures.filter(({ wide }) => wide !== true),
          convergenceFigure('Convergence of the bandpass', changes, reasonText(reason)),
        ].map((figure) => ({ ...figure, small: true })),
      },
      { kind: 'figures', figures: tables.figures.filter(({ wide }) => wide === true) },
    ],
  };
}

/** Phases and gains over time, from the gain calibrator, and how it was chosen to solve for them. */
export async function drawGains({ stages }: ReportSource): Promise<Section | undefined> {
  const gain = stages['time-gain'];
  if (gain === undefined) return undefined;
  const { calibrator, fluxJy, referenceAntenna, phases, gains, changes, reason } = gain.outputs;
  const all = antennaNames(stages);
  const names = all.slice(0, LIMITS.antennas);
  const draw = (table: CalibrationTable, title: string): FigureBlock[] => tableFigures(table, names, title);
  const tables = await drawTables(gain.folder, all, [
    { name: 'Phases', files: phases, draw },
    { name: 'Gains', files: gains, draw },
  ]);
  return {
    title: 'Gain over time',
    note: `From ${calibrator}, ${formatNumber(fluxJy)} Jy; reference antenna ${referenceAntenna}. Phases first, then gains on top of them.${tables.note}`,
    blocks: [
      ...tables.blocks,
      {
        kind: 'figures',
        figures: [
          snrChoiceFigure(gain.outputs),
          convergenceFigure('Convergence of phases, then of gains', changes, reasonText(reason)),
          ...tables.figures,
        ],
      },
    ],
  };
}

/** Names of the antennas in the order of the tables. */
export function antennaNames(stages: ReportSource['stages']): readonly string[] {
  const known = (stages['import-calibrators'] ?? stages['import-target'])?.outputs.antennas;
  // Without the names of the imports, numbers.
  return known ?? Array.from({ length: LIMITS.antennas }, (_, antenna) => `antenna ${antenna + 1}`);
}

/** Reads the tables one after another, so that only one is in memory. */
async function drawTables(
  folder: string,
  antennas: readonly string[],
  groups: readonly TableGroup[],
): Promise<{ blocks: Block[]; figures: FigureBlock[]; note: string }> {
  const rows: Cell[][] = [];
  const figures: FigureBlock[] = [];
  let windows = 0;
  let most = 0;
  for (const { name, files, draw } of groups) {
    windows = Math.max(windows, files.length);
    for (const [index, { spw, path }] of files.slice(0, LIMITS.tableRows).entries()) {
      const table = await readTable(join(folder, path));
      most = Math.max(most, table.antennas);
      rows.push(tableRow(`${name}, window ${spw}`, table, antennas));
      if (index < LIMITS.tableWindows) figures.push(...draw(table, `${name}, window ${spw}`));
    }
  }
  const left =
    windows > LIMITS.tableWindows ? ` The first ${LIMITS.tableWindows} of ${windows} windows are drawn.` : '';
  const fewer = most > LIMITS.antennas ? ` The first ${LIMITS.antennas} of ${most} antennas are drawn.` : '';
  return { blocks: [{ kind: 'table', columns: TABLE_COLUMNS, rows }], figures, note: `${left}${fewer}` };
}
