import type { Block, Page, Section, Tile } from './page.ts';
import { renderPage } from './page.ts';
import { drawPipeline } from './pipeline-graph.ts';
import type { GraphBox, GraphEdge } from './pipeline-graph.ts';
import { isLow, scoreCell, stageSection } from './stage-section.ts';
import type { Score } from './stage-section.ts';

/** A stage: its place in the picture, its state, and the worst of its scores. */
export interface PipelineStage extends GraphBox {
  readonly metric?: string;
  readonly message: string;
}

/** One QA score. */
export interface PipelineQa {
  readonly stage: string;
  readonly name: string;
  readonly score: Score;
  readonly metric: string;
  /** What it applies to: field, window. */
  readonly scope: string;
  readonly message: string;
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** A run of a pipeline, ready to be shown. */
export interface PipelineReport {
  readonly title: string;
  readonly subtitle: string;
  readonly tiles: readonly Tile[];
  readonly stages: readonly PipelineStage[];
  readonly edges: readonly GraphEdge[];
  /** All scores, and how many of them are shown at most; low ones come first where there are more. */
  readonly qa: readonly PipelineQa[];
  readonly mostQa: number;
  /** What the stages made. */
  readonly sections: readonly Section[];
  readonly parameters: Pairs;
  readonly versions: Pairs;
  readonly files: Section | undefined;
  readonly footer: string;
}

/** The report as one HTML page. */
export function renderPipelineReport(report: PipelineReport): string {
  const page: Page = {
    title: report.title,
    subtitle: report.subtitle,
    tiles: report.tiles,
    sections: [
      pipelineSection(report),
      ...report.sections,
      {
        title: 'Parameters and versions',
        blocks: [
          { kind: 'facts', facts: report.parameters },
          { kind: 'heading', text: 'Versions' },
          { kind: 'facts', facts: report.versions },
        ],
      },
      ...(report.files === undefined ? [] : [report.files]),
    ],
    footer: report.footer,
  };
  return renderPage(page);
}

function pipelineSection({ stages, edges, qa, mostQa }: PipelineReport): Section {
  const rows = stageSection(
    stages.map(({ title, ...stage }, index) => ({ ...stage, name: `${index + 1} ${title}` })),
  );
  return {
    title: 'Pipeline',
    note: 'Of the QA scores of a stage, 0 to 1, the worst one stands for it: good from 0.90, fair from 0.66, poor from 0.33, bad below. A score below 0.67 is marked low: somebody should look. A scoring that failed, and one that does not apply, are neither.',
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'Stages',
            svg: drawPipeline(stages, edges),
            wide: true,
            caption:
              'An arrow: takes what the other made; dashed: if it is there. The frame and its words tell the state, the bar and the last line the quality.',
          },
        ],
      },
      ...rows.blocks,
      qaDetails(qa, mostQa),
    ],
  };
}

function qaDetails(qa: readonly PipelineQa[], most: number): Block {
  // Where not all can be shown, those that need a look are.
  const rank = ({ score }: PipelineQa): number => (isLow(score) ? 0 : score === 'failed' ? 1 : 2);
  const shown = qa.length <= most ? qa : qa.toSorted((a, b) => rank(a) - rank(b)).slice(0, most);
  const low = qa.filter(({ score }) => isLow(score)).length;
  const failed = qa.filter(({ score }) => score === 'failed').length;
  const counts = [`${low} low`, ...(failed === 0 ? [] : [`${failed} failed`])].join(', ');
  const left = qa.length - shown.length;
  return {
    kind: 'details',
    summary: `All ${qa.length} QA scores (${counts})${left > 0 ? `; ${left} others are left out` : ''}`,
    blocks: [
      {
        kind: 'table',
        columns: ['stage', 'score of', 'applies to', 'score', 'metric', 'message'],
        rows: shown.map((row) => [
          row.stage,
          row.name,
          row.scope,
          scoreCell(row.score),
          row.metric,
          { long: row.message },
        ]),
      },
    ],
  };
}
