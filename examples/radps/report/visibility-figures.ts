import type { FigureBlock } from './page.ts';
import { drawPlot } from './plot-figure.ts';

/** Some visibilities of one source: where they lie in the u, v plane, wavelengths, and their amplitudes, Jy. */
export interface VisibilityCloud {
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly amplitude: Float64Array;
  /** How they were chosen. */
  readonly caption: string;
}

/** Coverage of the u, v plane and amplitude against distance in it. */
export function visibilityFigures(name: string, cloud: VisibilityCloud): FigureBlock[] {
  const { u, v, amplitude } = cloud;
  let longest = 0;
  for (const [index, value] of u.entries()) longest = Math.max(longest, Math.hypot(value, v[index] ?? 0));
  const [scale, prefix] =
    longest > 5e8 ? [1e9, 'G'] : longest > 5e5 ? [1e6, 'M'] : longest > 500 ? [1e3, 'k'] : [1, ''];
  const both = (values: Float64Array): Float64Array => {
    const out = new Float64Array(2 * values.length);
    for (const [index, value] of values.entries()) {
      out[index] = value / scale;
      out[values.length + index] = -value / scale;
    }
    return out;
  };
  const distance = u.map((value, index) => Math.hypot(value, v[index] ?? 0) / scale);
  const middle = binnedMedians(distance, amplitude, longest / scale);
  return [
    {
      title: `${name}: u, v coverage`,
      svg: drawPlot({
        title: `u, v coverage of ${name}`,
        xLabel: `u [${prefix}λ]`,
        yLabel: `v [${prefix}λ]`,
        square: true,
        layers: [{ kind: 'cloud', x: both(u), y: both(v) }],
      }),
      caption: cloud.caption,
    },
    {
      title: `${name}: amplitude against u, v distance`,
      svg: drawPlot({
        title: `amplitude against u, v distance of ${name}`,
        xLabel: `u, v distance [${prefix}λ]`,
        yLabel: 'amplitude [Jy]',
        yRange: [0, 1.05 * highQuantile(amplitude)],
        layers: [
          { kind: 'cloud', x: distance, y: amplitude },
          { kind: 'points', ...middle, colour: 1 },
        ],
      }),
      caption:
        'Calibrated visibilities; dots are medians of stretches of distance. A point source alone would be flat.',
    },
  ];
}

const BINS = 24;

function binnedMedians(
  x: Float64Array,
  y: Float64Array,
  highest: number,
): { readonly x: number[]; readonly y: number[] } {
  const bins = Array.from({ length: BINS }, (): number[] => []);
  for (const [index, value] of x.entries())
    bins[Math.min(BINS - 1, Math.floor((value / highest) * BINS))]?.push(y[index] ?? 0);
  const out = { x: [] as number[], y: [] as number[] };
  for (const [index, values] of bins.entries()) {
    if (values.length < 10) continue;
    out.x.push(((index + 0.5) / BINS) * highest);
    out.y.push(values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0);
  }
  return out;
}

/** What all but a few in a thousand lie below: one wild sample must not flatten a plot. */
function highQuantile(values: Float64Array): number {
  const sorted = values.toSorted();
  return sorted[Math.floor(0.998 * (sorted.length - 1))] ?? 1;
}
