import { ARCSEC } from '../science/index.ts';
import type { Beam, HybridCycle, RingFit, RingMeasurement } from '../science/index.ts';
import { drawImage } from './image-figure.ts';
import type { Section } from './page.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

/** Results of hybrid mapping to show. */
export interface VlbiResult {
  readonly size: number;
  readonly cellRad: number;
  readonly image: Float64Array;
  readonly beam: Beam;
  readonly residual: Float64Array;
  readonly residualBeam: Beam;
  readonly cycles: readonly HybridCycle[];
  /** Every start that was tried, and what came of it. */
  readonly starts: readonly {
    readonly diameterRad: number;
    readonly closure: number;
    readonly chosen: boolean;
  }[];
  /** None where no ring was found. */
  readonly ring?: RingMeasurement;
  readonly fit?: RingFit;
  /** What was assumed, said in full: it goes under the pictures. */
  readonly assumptions: string;
}

const MICROARCSEC = 1e-6 * ARCSEC;

/** A length with its error, microarcseconds. */
function microarcsec(value: number, error?: number): string {
  const text = (value / MICROARCSEC).toFixed(1);
  return error === undefined ? `${text} µas` : `(${text} ± ${(error / MICROARCSEC).toFixed(1)}) µas`;
}

const degrees = (rad: number): string => `${formatNumber(((((rad * 180) / Math.PI) % 360) + 360) % 360)}°`;

/** Image, residual, convergence, the survey of starts and the ring's measures. */
export function vlbiSection(result: VlbiResult): Section {
  const { size, cellRad, cycles, starts } = result;
  const highest = result.image.reduce((most, value) => Math.max(most, value), 0);
  const common = { size, cellRad, unit: 'mJy/beam', unitScale: 1e3, zoom: Math.min(size, 80) };
  return {
    title: 'Hybrid mapping',
    note: result.assumptions,
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'Image',
            svg: drawImage({
              title: 'image',
              pixels: result.image,
              beam: result.beam,
              scale: { low: 0, high: highest, stretch: 'linear' },
              ...common,
            }),
            caption: `CLEAN components blurred to ${microarcsec(result.beam.majorRad)}.`,
          },
          {
            title: 'Residual',
            svg: drawImage({
              title: 'residual',
              pixels: result.residual,
              beam: result.residualBeam,
              ...common,
            }),
          },
          {
            title: 'Agreement with closure quantities',
            svg: drawPlot({
              title: 'closure chi-square by cycle',
              xLabel: 'cycle',
              xWhole: true,
              yLabel: 'closure χ² / degrees of freedom',
              yLog: true,
              layers: [
                {
                  kind: 'line',
                  x: cycles.map((_, index) => index + 1),
                  y: cycles.map(({ closure }) => closure.full),
                },
              ],
            }),
            caption:
              'Of the model against the data before any self-calibration, with the station gains of every time free.',
          },
          {
            title: 'Where it started',
            svg: drawPlot({
              title: 'closure chi-square by start',
              xLabel: 'diameter of the disk at the start [µas]',
              yLabel: 'closure χ² / degrees of freedom at the end',
              yLog: true,
              layers: [
                {
                  kind: 'points',
                  x: starts.map(({ diameterRad }) => diameterRad / MICROARCSEC),
                  y: starts.map(({ closure }) => closure),
                },
                {
                  kind: 'points',
                  x: starts
                    .filter(({ chosen }) => chosen)
                    .map(({ diameterRad }) => diameterRad / MICROARCSEC),
                  y: starts.filter(({ chosen }) => chosen).map(({ closure }) => closure),
                },
              ],
            }),
            caption: 'Every start that was tried; the one in the other colour was chosen.',
          },
        ],
      },
      {
        kind: 'facts',
        facts: [
          ...ringFacts(result),
          ['closure χ² of the image', formatNumber(cycles.at(-1)?.closure.full ?? Number.NaN)],
          ['flux density of the model', `${formatNumber(cycles.at(-1)?.modelFluxJy ?? Number.NaN)} Jy`],
        ],
      },
    ],
  };
}

function ringFacts({ ring, fit }: VlbiResult): [string, string][] {
  return [...(ring === undefined ? [] : measuredFacts(ring)), ...(fit === undefined ? [] : fittedFacts(fit))];
}

function measuredFacts(ring: RingMeasurement): [string, string][] {
  return [
    ['ring diameter, in the image', microarcsec(ring.diameterRad, ring.diameterErrorRad)],
    ['width, in the image, the blurring included', microarcsec(ring.widthRad)],
    ['bright side, in the image (north through east)', degrees(ring.brightAngleRad)],
    ['brightness of the centre over that of the ring', formatNumber(ring.centralFraction, 2)],
  ];
}

function fittedFacts(fit: RingFit): [string, string][] {
  return [
    ['ring diameter, fitted to closure quantities', microarcsec(fit.diameterRad, fit.diameterErrorRad)],
    ['width, fitted', microarcsec(fit.widthRad)],
    ['bright side, fitted', degrees(fit.brightAngleRad)],
    ['closure χ² of the fitted ring', formatNumber(fit.reducedChiSquare)],
  ];
}
