import { DAY_S } from '../science/index.ts';
import type { FlagReport } from '../science/index.ts';
import { convergenceSection } from './hybrid-convergence.ts';
import type { HybridReport } from './hybrid-findings.ts';
import { jansky } from './observation-report.ts';
import type { Section } from './page.ts';
import { renderPage } from './page.ts';
import { stageSection } from './stage-section.ts';
import { formatNumber } from './ticks.ts';
import { amplitudeSection, visibilitySection } from './vlbi-visibilities.ts';
import { vlbiSection } from './vlbi-section.ts';

/** The whole report as one HTML text. */
export function renderHybridReport(report: HybridReport): string {
  const { observation, result, starts, before } = report;
  const chosen = starts.find((start) => start.chosen);
  const firstS = before.reduce((first, set) => Math.min(first, ...set.timeS), Infinity);
  const start = Number.isFinite(firstS)
    ? ` · ${utc(new Date((firstS - 40_587 * DAY_S) * 1000), 16)} UTC`
    : '';
  return renderPage({
    title: report.title,
    subtitle: `${observation.fields[0]?.name ?? ''} · ${observation.telescope}${start} · ${formatNumber(report.frequencyHz / 1e9, 5)} GHz`,
    tiles: [
      ...ringTiles(report),
      ['closure χ² / degrees of freedom', formatNumber(chosen?.cycles.at(-1)?.closure.full ?? Number.NaN)],
      ['flux density of the model', jansky(chosen?.cycles.at(-1)?.modelFluxJy ?? Number.NaN)],
      ['noise of the residual', jansky(report.noiseJy, '/beam')],
      ['peak over noise', formatNumber(report.snr)],
    ],
    sections: [
      vlbiSection({
        ...result,
        assumptions: [result.assumptions, describeErrors(result)].join(' ').trimEnd(),
        cycles: chosen?.cycles ?? [],
        starts: starts.map(({ startDiameterUas, cycles, chosen: isChosen }) => ({
          diameterRad: startDiameterUas * MICROARCSEC,
          closure: cycles.at(-1)?.closure.full ?? Number.NaN,
          chosen: isChosen,
        })),
      }),
      convergenceSection(starts),
      visibilitySection(report),
      amplitudeSection(report),
      flagSection(report.flagging),
      stageSection(report.stages),
      {
        title: 'Parameters and versions',
        blocks: [{ kind: 'facts', facts: [...report.parameters, ...report.versions] }],
      },
    ],
    footer: `Made ${utc(report.madeAt, 19)} UTC from ${observation.origin}.`,
  });
}

const MICROARCSEC = Math.PI / 180 / 3600 / 1e6;

const utc = (date: Date, length: number): string => date.toISOString().replace('T', ' ').slice(0, length);

function ringTiles({ result: { ring, fit } }: HybridReport): [string, string][] {
  if (ring === undefined) return [['with a dark centre', 'no ring found']];
  const uas = (rad: number): string => (rad / MICROARCSEC).toFixed(1);
  return [
    ['ring diameter, in the image', `${uas(ring.diameterRad)} ± ${uas(ring.diameterErrorRad)} µas`],
    ...(fit === undefined
      ? []
      : ([['ring diameter, from closures', `${uas(fit.diameterRad)} ± ${uas(fit.diameterErrorRad)} µas`]] as [
          string,
          string,
        ][])),
    ['centre over ring', formatNumber(ring.centralFraction, 2)],
  ];
}

/** What the errors of the diameters hold, and what they do not. */
function describeErrors({ ring, fit }: HybridReport['result']): string {
  if (ring === undefined) return 'No ring with a dark centre is in the image, so none was measured.';
  const image =
    'The error of the diameter in the image is its scatter around the ring; what another mask or start would give is not in it.';
  if (fit === undefined) return image;
  return `${image} That of the fitted ring is statistical alone, from leaving out an eighth of the scans at a time: how far the source is from a thin, blurred ring, for which its closure χ² of ${formatNumber(fit.reducedChiSquare)} speaks, is not in it.`;
}

function flagSection(reports: readonly FlagReport[]): Section {
  const total = (count: (report: FlagReport) => number): number =>
    reports.reduce((sum, report) => sum + count(report), 0);
  const samples = total((report) => report.samples);
  const share = (count: number): string =>
    `${count.toLocaleString('en')} (${formatNumber((100 * count) / Math.max(1, samples))} %)`;
  return {
    title: 'Flagging',
    note: 'Interference of one station hardly correlates with that of another far away, and amplitudes truly change along a track; so only samples far outside of their own scan are flagged.',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['samples', samples.toLocaleString('en')],
          ['came flagged', share(total(({ already }) => already))],
          ['not finite, or without weight', share(total(({ invalid }) => invalid))],
          ['found now', share(total((report) => report.clipped + report.sumThreshold + report.extended))],
        ],
      },
    ],
  };
}
