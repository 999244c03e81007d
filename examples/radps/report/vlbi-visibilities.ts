import { SPEED_OF_LIGHT } from '../science/index.ts';
import type { VisibilitySet } from '../science/index.ts';
import type { HybridReport } from './hybrid-findings.ts';
import type { Section } from './page.ts';
import { drawPanels } from './panels.ts';
import { drawPlot } from './plot-figure.ts';

/** Usable samples of single-correlation sets. */
interface Samples {
  /** Gλ. */
  readonly u: number[];
  readonly v: number[];
  readonly distance: number[];
  /** Jy. */
  readonly amplitude: number[];
}

function samplesOf(sets: readonly VisibilitySet[]): Samples {
  const out: Samples = { u: [], v: [], distance: [], amplitude: [] };
  for (const set of sets) {
    for (let sample = 0; sample < set.rows * set.channels; sample++) {
      if (set.flag[sample] !== 0 || !((set.weight[sample] ?? 0) > 0)) continue;
      const row = Math.floor(sample / set.channels);
      const scale = (set.frequencyHz[sample % set.channels] ?? 0) / SPEED_OF_LIGHT / 1e9;
      const u = (set.uvwM[3 * row] ?? 0) * scale;
      const v = (set.uvwM[3 * row + 1] ?? 0) * scale;
      out.u.push(u);
      out.v.push(v);
      out.distance.push(Math.hypot(u, v));
      out.amplitude.push(Math.hypot(set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0));
    }
  }
  return out;
}

/** u, v coverage, and amplitudes against distance before and after self-calibration, on the same axes. */
export function visibilitySection({ before, after }: Pick<HybridReport, 'before' | 'after'>): Section {
  const raw = samplesOf(before);
  const calibrated = samplesOf(after);
  const longest = Math.max(1e-9, ...raw.distance);
  const highest = percentile([...raw.amplitude, ...calibrated.amplitude], 0.995);
  const amplitudes = (title: string, { distance, amplitude }: Samples): string =>
    drawPlot({
      title,
      xLabel: 'u, v distance [Gλ]',
      yLabel: 'amplitude [Jy]',
      // A little room on the left, where the short baselines are.
      xRange: [-0.02 * longest, 1.04 * longest],
      yRange: [0, 1.1 * Math.max(1e-9, highest)],
      layers: [{ kind: 'cloud', x: Float64Array.from(distance), y: Float64Array.from(amplitude) }],
    });
  return {
    title: 'Visibilities',
    note: 'Averages of total intensity of all spectral windows, without flagged samples.',
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'Amplitude before self-calibration',
            svg: amplitudes('amplitude against u, v distance before self-calibration', raw),
            caption: 'As prepared: averaged, the short baselines scaled to the compact flux.',
          },
          {
            title: 'Amplitude after self-calibration',
            svg: amplitudes('amplitude against u, v distance after self-calibration', calibrated),
            caption: 'The same samples, divided by the station factors of the start that was kept.',
          },
          {
            title: 'u, v coverage',
            svg: drawPlot({
              title: 'u, v coverage',
              xLabel: 'u [Gλ]',
              yLabel: 'v [Gλ]',
              square: true,
              layers: [
                {
                  kind: 'cloud',
                  x: Float64Array.from([...raw.u, ...raw.u.map((u) => -u)]),
                  y: Float64Array.from([...raw.v, ...raw.v.map((v) => -v)]),
                },
              ],
            }),
          },
        ],
      },
    ],
  };
}

/** What self-calibration made of the stations' amplitudes, one panel a station. */
export function amplitudeSection({
  amplitudes: { timeS, value },
  observation: { antennas },
}: Pick<HybridReport, 'amplitudes' | 'observation'>): Section {
  const start = timeS[0] ?? 0;
  const hours = Array.from(timeS, (time) => (time - start) / 3600);
  const last = Math.max(0.5, ...hours);
  return {
    title: 'Station amplitudes',
    note: 'Factors that amplitude self-calibration took out of the data of each station, the constant ones times those of each scan: near 1 where the a-priori calibration was good. Where a station was not solved for they are 1. They are what the flux scale of a station was wrong by, if the picture is right.',
    blocks: [
      {
        kind: 'figures',
        figures: [
          {
            title: 'Amplitude factors',
            wide: true,
            svg: drawPanels({
              xLabel: 'hours since the first scan',
              yLabel: 'amplitude factor',
              xRange: [0, last],
              yRange: [0, 1.1 * Math.max(1, percentile([...value], 0.98))],
              panels: antennas.map(({ name }, antenna) => ({
                name,
                series: [
                  {
                    x: hours,
                    y: hours.map((_, solution) => value[solution * antennas.length + antenna] ?? 1),
                  },
                ],
              })),
            }),
          },
        ],
      },
    ],
  };
}

function percentile(values: number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(fraction * Math.max(0, sorted.length - 1))] ?? 0;
}
