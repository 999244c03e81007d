import {
  ARCSEC,
  DAY_S,
  fluxAt,
  formatDirection,
  intensityCorrelations,
  SPEED_OF_LIGHT,
} from '../science/index.ts';
import type {
  CleanedImage,
  Field,
  FlagReport,
  FoundSource,
  Observation,
  SkyComponent,
  VisibilitySet,
} from '../science/index.ts';
import { angleUnit, drawImage } from './image-figure.ts';
import type { Block, Section } from './page.ts';
import { renderPage } from './page.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

/** What a report of one imaged observation is made of. */
export interface ObservationReport {
  readonly title: string;
  readonly observation: Omit<Observation, 'sets'>;
  readonly set: VisibilitySet;
  readonly flag: Uint8Array;
  readonly flagging: FlagReport;
  readonly image: CleanedImage;
  /** [2 size, 2 size] of peak 1. */
  readonly psf: Float64Array;
  readonly sources: readonly FoundSource[];
  /** The sky that was simulated, where it is known. */
  readonly truth?: readonly SkyComponent[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly versions: readonly (readonly [name: string, value: string])[];
  /** When the report was made; the caller's clock. */
  readonly madeAt: Date;
}

/** The whole report as one HTML text. */
export function renderObservationReport(report: ObservationReport): string {
  const { image, observation, set, sources, flagging } = report;
  const [field] = observation.fields;
  const unit = angleUnit(image.beam.majorRad * 30);
  const start = new Date(((set.timeS[0] ?? 0) - 40_587 * DAY_S) * 1000)
    .toISOString()
    .replace('T', ' ')
    .slice(0, 16);
  const angle = (rad: number): string => formatNumber(rad / unit.rad);
  const unitMark = unit.name === 'arcsec' ? '″' : ` ${unit.name}`;
  return renderPage({
    title: report.title,
    subtitle: `${field?.name ?? ''} · ${observation.telescope} · ${start} UTC · ${formatNumber(image.frequencyHz / 1e9, 5)} GHz`,
    tiles: [
      ['peak', jansky(highest(image.restored), '/beam')],
      ['noise', jansky(image.noiseJy, '/beam')],
      ['peak over noise', formatNumber(image.snr)],
      ['beam', `${angle(image.beam.majorRad)} × ${angle(image.beam.minorRad)}${unitMark}`],
      ['sources found', String(sources.length)],
      ['flagged', `${formatNumber(100 * flagging.fraction)} %`],
    ],
    sections: [
      imageSection(report),
      ...(field === undefined ? [] : [sourceSection(report, field)]),
      coverageSection(report),
      flagSection(report),
      {
        title: 'Parameters and versions',
        blocks: [{ kind: 'facts', facts: [...report.parameters, ...report.versions] }],
      },
    ],
    footer: `Made ${report.madeAt.toISOString().replace('T', ' ').slice(0, 19)} UTC from ${observation.origin}.`,
  });
}

/** A flux density in the unit that suits its size. */
export function jansky(value: number, per = ''): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-3) return `${formatNumber(value * 1e6)} µJy${per}`;
  if (size !== 0 && size < 1) return `${formatNumber(value * 1e3)} mJy${per}`;
  return `${formatNumber(value)} Jy${per}`;
}

function highest(pixels: Float64Array): number {
  return pixels.reduce((most, value) => Math.max(most, value), -Infinity);
}

/** An offset with two decimals, to stand below others. */
function fixed(value: number): string {
  return value.toFixed(2).replace('-', '−');
}

function imageSection({ image, psf, sources }: ObservationReport): Section {
  const { size, cellRad, beam } = image;
  const small = highest(image.restored) < 1;
  const common = { size, cellRad, beam, unit: small ? 'mJy/beam' : 'Jy/beam', unitScale: small ? 1e3 : 1 };
  const marks = sources.slice(0, 30).map(({ l, m }, index) => ({ l, m, label: String(index + 1) }));
  const peaks = image.history;
  const steps = peaks.length / 2;
  return {
    title: 'Images',
    note: 'East is to the left. The ellipse is the beam at half power; circles are the sources of the table below.',
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'Restored image',
            svg: drawImage({ title: 'restored image', pixels: image.restored, marks, ...common }),
            caption: `CLEAN components convolved with the beam, plus residual; ${image.iterations} iterations, stopped by ${image.stop.replace('_', ' ')}.`,
          },
          {
            title: 'Residual',
            svg: drawImage({
              title: 'residual image',
              pixels: image.residual,
              ...common,
              unit: 'mJy/beam',
              unitScale: 1e3,
              scale: { low: -5 * image.noiseJy, high: 5 * image.noiseJy, stretch: 'linear' },
            }),
            caption: `Colours span five times the noise, up and down. Noise ${jansky(image.noiseJy, '/beam')}; the weights alone would give ${jansky(image.thermalNoiseJy, '/beam')}.`,
          },
          {
            title: 'Dirty image',
            svg: drawImage({ title: 'dirty image', pixels: image.dirty, ...common }),
            caption: 'Before deconvolution.',
          },
          {
            title: 'Point-spread function',
            svg: drawImage({
              title: 'point-spread function',
              pixels: psf,
              size: 2 * size,
              cellRad,
              unit: '',
              unitScale: 1,
              zoom: size / 2,
              scale: {
                low: Math.max(
                  -0.2,
                  psf.reduce((low, value) => Math.min(low, value), 0),
                ),
                high: 1,
                stretch: 'asinh',
                softness: 0.1,
              },
            }),
            caption: 'The response to a point source of 1 Jy, inner part.',
          },
          {
            title: 'Convergence of CLEAN',
            svg: drawPlot({
              title: 'highest residual against iterations',
              xLabel: 'iteration + 1',
              yLabel: 'highest residual [Jy/beam]',
              xLog: true,
              yLog: true,
              layers: [
                {
                  kind: 'line',
                  x: Array.from({ length: steps }, (_, step) => (peaks[2 * step] ?? 0) + 1),
                  y: Array.from({ length: steps }, (_, step) => peaks[2 * step + 1] ?? 0),
                },
              ],
            }),
          },
        ],
      },
    ],
  };
}

function sourceSection({ sources, image, truth }: ObservationReport, field: Field): Section {
  const { name: unitName, rad } = angleUnit(image.size * image.cellRad);
  const columns = [
    '#',
    'right ascension',
    'declination',
    `east [${unitName}]`,
    `north [${unitName}]`,
    'peak',
    'flux',
    'SNR',
  ];
  const withTruth = truth !== undefined;
  const rows = sources.map((source, index) => {
    const { ra, dec } = formatDirection(source);
    const near = truth?.find(({ l, m }) => Math.hypot(l - source.l, m - source.m) < image.beam.majorRad);
    const cells = [
      { number: String(index + 1) },
      ra,
      dec,
      { number: fixed(source.l / rad) },
      { number: fixed(source.m / rad) },
      { number: jansky(source.peakJy, '/beam') },
      { number: jansky(source.integratedJy) },
      { number: formatNumber(source.snr) },
    ];
    if (!withTruth) return cells;
    if (near === undefined) return [...cells, 'not in the model', { number: '' }, { number: '' }];
    const expected = fluxAt(near, image.frequencyHz);
    const found = near.fwhmRad > 0 ? source.integratedJy : source.peakJy;
    return [
      ...cells,
      near.fwhmRad > 0 ? `${near.name}, extended` : near.name,
      { number: `${formatNumber(100 * (found / expected - 1), 2)} %` },
      { number: formatNumber(Math.hypot(near.l - source.l, near.m - source.m) / ARCSEC, 2) },
    ];
  });
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: withTruth ? [...columns, 'simulated as', 'flux error', 'offset [arcsec]'] : columns,
      rows,
    },
  ];
  return {
    title: 'Sources',
    note:
      sources.length === 0
        ? `Nothing about ${field.name} stands seven times above the noise.`
        : `Peaks above seven times the noise about ${field.name}; the flux is that of the island of pixels above three times the noise.`,
    blocks: sources.length === 0 ? [] : blocks,
  };
}

function coverageSection({ set, flag }: ObservationReport): Section {
  const hands = intensityCorrelations(set);
  const nCorrelation = set.correlations.length;
  const middle = Math.floor(set.channels / 2);
  const perMetre = (set.frequencyHz[middle] ?? 0) / SPEED_OF_LIGHT;
  const largest = set.uvwM.reduce((most, value) => Math.max(most, Math.abs(value)), 0) * perMetre;
  const [scale, prefix] =
    largest > 5e8 ? [1e9, 'G'] : largest > 5e5 ? [1e6, 'M'] : largest > 500 ? [1e3, 'k'] : [1, ''];
  const u: number[] = [];
  const v: number[] = [];
  const distance: number[] = [];
  const amplitude: number[] = [];
  for (let row = 0; row < set.rows; row++) {
    const sample = (row * set.channels + middle) * nCorrelation + (hands[0] ?? 0);
    if (flag[sample] !== 0) continue;
    const x = ((set.uvwM[3 * row] ?? 0) * perMetre) / scale;
    const y = ((set.uvwM[3 * row + 1] ?? 0) * perMetre) / scale;
    u.push(x, -x);
    v.push(y, -y);
    distance.push(Math.hypot(x, y));
    amplitude.push(Math.hypot(set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0));
  }
  return {
    title: 'Visibilities',
    note: `Channel ${middle + 1} of ${set.channels}, ${set.correlations[hands[0] ?? 0] ?? ''}, without flagged samples.`,
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'u, v coverage',
            svg: drawPlot({
              title: 'u, v coverage',
              xLabel: `u [${prefix}λ]`,
              yLabel: `v [${prefix}λ]`,
              square: true,
              layers: [{ kind: 'cloud', x: Float64Array.from(u), y: Float64Array.from(v) }],
            }),
          },
          {
            title: 'Amplitude against u, v distance',
            svg: drawPlot({
              title: 'amplitude against u, v distance',
              xLabel: `u, v distance [${prefix}λ]`,
              yLabel: 'amplitude [Jy]',
              layers: [{ kind: 'cloud', x: Float64Array.from(distance), y: Float64Array.from(amplitude) }],
            }),
          },
        ],
      },
    ],
  };
}

function flagSection({ flagging, set, observation }: ObservationReport): Section {
  const counts = (name: string, count: number): [string, string] => [
    name,
    `${count.toLocaleString('en')} (${formatNumber((100 * count) / Math.max(1, flagging.samples))} %)`,
  ];
  const percent = (values: Float64Array): Float64Array => values.map((value) => 100 * value);
  return {
    title: 'Flagging',
    note: 'Samples that were found to be invalid or disturbed, and are not used.',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['samples', flagging.samples.toLocaleString('en')],
          counts('flagged before', flagging.already),
          counts('invalid', flagging.invalid),
          counts('clipped', flagging.clipped),
          counts('SumThreshold', flagging.sumThreshold),
          counts('other correlation', flagging.extended),
        ],
      },
      {
        kind: 'figures',
        figures: [
          ...(set.channels > 1
            ? [
                {
                  title: 'Flagged by channel',
                  svg: drawPlot({
                    title: 'flagged fraction by channel',
                    xLabel: 'channel frequency [GHz]',
                    yLabel: 'flagged [%]',
                    layers: [
                      {
                        kind: 'steps',
                        x: set.frequencyHz.map((hz) => hz / 1e9),
                        y: percent(flagging.channelFraction),
                      },
                    ],
                  }),
                },
              ]
            : []),
          {
            title: 'Flagged by antenna',
            svg: drawPlot({
              title: 'flagged fraction by antenna',
              xLabel: `antenna number, 1 (${observation.antennas[0]?.name ?? ''}) to ${observation.antennas.length} (${observation.antennas.at(-1)?.name ?? ''})`,
              yLabel: 'flagged [%]',
              layers: [
                {
                  kind: 'points',
                  x: Array.from(flagging.antennaFraction, (_, antenna) => antenna + 1),
                  y: percent(flagging.antennaFraction),
                },
              ],
            }),
          },
        ],
      },
    ],
  };
}
