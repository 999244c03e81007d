import { join } from 'node:path';
import { artifact, flow, run, task } from 'sidereal';
import { z } from 'zod';
import { renderPipelineReport } from '../../report/index.ts';
import type { Section } from '../../report/index.ts';
import { isTransient, RETRIES } from '../retries.ts';
import { writeProduct } from '../write-file.ts';
import { drawBandpass, drawGains } from './draw-calibration.ts';
import { drawCalibrators } from './draw-calibrators.ts';
import { drawContinuum, drawWindows } from './draw-continuum.ts';
import { drawCubes } from './draw-cubes.ts';
import { drawFiles } from './draw-files.ts';
import { drawImports } from './draw-imports.ts';
import { drawLines } from './draw-lines.ts';
import { drawTruth } from './draw-truth.ts';
import { drawVisibilities } from './draw-visibilities.ts';
import { overviewTiles } from './overview.ts';
import { pipelineEdges } from './pipeline-picture.ts';
import { reportFacts } from './report-facts.ts';
import type { ReportFacts } from './report-facts.ts';
import { LIMITS } from './report-limits.ts';
import { readReportSource } from './report-source.ts';
import type { ReportSource } from './report-source.ts';
import { qaRows, stageRows } from './stage-rows.ts';

/** Draws one section; nothing where the products do not have what it is of. */
type Drawer = (source: ReportSource) => Promise<Section | undefined>;

/** What a report has, in the order of the page. */
const DRAWERS: readonly (readonly [name: string, draw: Drawer])[] = [
  ['Imported data', drawImports],
  ['Bandpass', drawBandpass],
  ['Gain over time', drawGains],
  ['Calibrators', drawCalibrators],
  ['Calibrated visibilities', drawVisibilities],
  ['Line-free channels', drawLines],
  ['Spectral cubes', drawCubes],
  ['Continuum images', drawContinuum],
  ['Images by spectral window', drawWindows],
  ['Against the simulated sky', drawTruth],
];

/** The page, section after section, so that no more than one picture's data are in memory; gives its path. */
const writeReport = task(
  { name: 'write-report', on: 'threads', retries: RETRIES },
  async (products: string, facts: ReportFacts): Promise<string> => {
    const html = await composeReport(products, facts);
    return writeProduct(join(products, 'report.html'), html);
  },
);

/**
 * Stage: the report of a run, one HTML page in the products folder that needs no other file. It shows what the
 * products have; stages that failed or did not run are told and have no section. Gives the path of the page.
 */
export const report = flow(
  { name: 'report', input: z.object({ products: z.string(), facts: reportFacts }) },
  async ({ products, facts }): Promise<string> => {
    const path = await writeReport(products, facts);
    await artifact.file('report', path, 'one HTML page with pictures');
    return path;
  },
);

/** The whole report of a products folder as HTML. */
export async function composeReport(products: string, facts: ReportFacts): Promise<string> {
  const source = await readReportSource(products, facts.stages);
  const sections: Section[] = [];
  for (const [name, draw] of DRAWERS) {
    if (draw === drawTruth && !facts.truth) continue;
    const section = await drawOrTell(name, draw, source);
    if (section !== undefined) sections.push(section);
  }
  const imported = source.stages['import-target'] ?? source.stages['import-calibrators'];
  const targets = [
    ...new Set(source.stages['import-target']?.outputs.visibilities.map(({ field }) => field)),
  ];
  const named =
    targets.length > 3
      ? `${targets.slice(0, 3).join(', ')} and ${targets.length - 3} more`
      : targets.join(', ');
  const made = new Date(facts.madeAtMs).toISOString().replace('T', ' ').slice(0, 19);
  return renderPipelineReport({
    title: named === '' ? 'Pipeline report' : `Pipeline report: ${named}`,
    subtitle: [imported?.outputs.telescope, `mode ${facts.mode}`, `run ${facts.runId}`]
      .filter((part) => part !== undefined)
      .join(' · '),
    tiles: overviewTiles(source, facts),
    stages: stageRows(source, facts),
    edges: pipelineEdges(),
    qa: qaRows(source),
    mostQa: LIMITS.qaRows,
    sections,
    parameters: facts.parameters,
    versions: facts.versions,
    files: await drawOrTell('Files', drawFiles, source),
    footer: `Made ${made} UTC by run ${facts.runId}.`,
  });
}

/** A section that cannot be drawn says so in its place; a disk that is busy is worth another try of the whole. */
async function drawOrTell(name: string, draw: Drawer, source: ReportSource): Promise<Section | undefined> {
  try {
    return await draw(source);
  } catch (error) {
    if (isTransient(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    run.log.warn('a section of the report cannot be drawn', { section: name, why });
    return { title: name, note: `This cannot be drawn: ${why}`, blocks: [] };
  }
}
