import { isDeepStrictEqual } from 'node:util';
import type { Block, Section } from '../../report/index.ts';
import type { ImportOutputs } from '../products/stage-outputs.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';

/** What was imported: flags by source and window, and antennas that were moved. */
export async function drawImports({ stages }: ReportSource): Promise<Section | undefined> {
  const imports = [stages['import-calibrators'], stages['import-target']].flatMap((stage) =>
    stage === undefined
      ? []
      : [{ whose: stage.stage === 'import-target' ? 'targets' : 'calibrators', outputs: stage.outputs }],
  );
  const [first, second] = imports;
  if (first === undefined) return undefined;
  const isSame = second !== undefined && isDeepStrictEqual(first.outputs.positions, second.outputs.positions);
  const rows = limited(
    imports.flatMap(({ outputs }) => outputs.flagging),
    LIMITS.tableRows,
    'sources and windows',
  );
  const percent = (part: number): { number: string } => ({ number: `${(100 * part).toFixed(2)} %` });
  return {
    title: 'Imported data',
    note: `Parts of the samples that are flagged: when they came (with what is not a number), by clipping, by SumThreshold, and because the other correlation is.${rows.note}`,
    blocks: [
      {
        kind: 'table',
        columns: [
          'source',
          'window',
          'samples',
          'before',
          'clipped',
          'SumThreshold',
          'other correlation',
          'flagged',
        ],
        rows: rows.shown.map((row) => [
          row.field,
          { number: String(row.spw) },
          { number: row.samples.toLocaleString('en') },
          percent(row.already),
          percent(row.clipped),
          percent(row.sumThreshold),
          percent(row.extended),
          percent(row.fraction),
        ]),
      },
      ...(isSame
        ? positionBlocks('calibrators and targets', first.outputs.positions)
        : imports.flatMap(({ whose, outputs }) => positionBlocks(whose, outputs.positions))),
    ],
  };
}

function positionBlocks(
  whose: string,
  { answer, problem, corrections }: ImportOutputs['positions'],
): Block[] {
  const text = {
    corrections: 'Antennas that stand elsewhere than the table has them; the visibilities were moved.',
    none: 'The service has no corrections.',
    unusable: `The service gave nothing that can be used, and positions stay as they were: ${problem ?? ''}`,
  }[answer];
  const heading: Block = { kind: 'heading', text: `Antenna positions, ${whose}`, note: text };
  const moved = Object.entries(corrections);
  if (moved.length === 0) return [heading];
  const millimetres = (metres: number): { number: string } => ({
    number: (1e3 * metres).toFixed(1).replace('-', '−'),
  });
  return [
    heading,
    {
      kind: 'table',
      columns: ['antenna', 'X [mm]', 'Y [mm]', 'Z [mm]', 'distance [mm]'],
      rows: moved.map(([antenna, [x, y, z]]) => [
        antenna,
        millimetres(x),
        millimetres(y),
        millimetres(z),
        millimetres(Math.hypot(x, y, z)),
      ]),
    },
  ];
}
