import { describe, expect, it } from 'vitest';
import { ARCSEC, tableIndex, unitTable } from '../science/index.ts';
import { drawImage, shrinkImage } from './image-figure.ts';
import { drawImageGrid } from './image-grid.ts';
import { lineFigure } from './line-figure.ts';
import { drawPlot } from './plot-figure.ts';
import { beamText } from './sky-figures.ts';
import { convergenceFigure, delayFigure, snrChoiceFigure } from './solver-figures.ts';
import { scoreText } from './stage-section.ts';
import { visibilityFigures } from './visibility-figures.ts';

const noNaN = (svg: string): void => expect(svg.replaceAll(/data:[^"]*/g, '')).not.toMatch(/NaN|undefined/);

describe('figures of solvers', () => {
  it('tell a change of nothing, which has no place on a logarithmic axis', () => {
    const { svg, caption } = convergenceFigure('c', [0.01, 0, 1e-4], 'converged');
    noNaN(svg);
    expect(svg.match(/class="dot c0"/g)).toHaveLength(2);
    expect(caption).toContain('0.01, 0, 10⁻⁴. Ended: converged.');
    noNaN(convergenceFigure('none', [], 'max').svg);
  });

  it('tell which of three ways was chosen', () => {
    const snr = [14, 6, 3].map((value, spw) => ({ spw, snr: value }));
    const caption = (threshold: number, choice: 'per_spw' | 'best_spw' | 'combined'): string =>
      snrChoiceFigure({ snr, threshold, choice, bestSpw: 0 }).caption!;
    expect(caption(2, 'per_spw')).toBe('Every window reaches 2: each is solved on its own.');
    expect(caption(10, 'best_spw')).toContain('1 of 3 windows reach 10: the best of them, 0,');
    expect(caption(20, 'combined')).toBe('No window reaches 20: all are solved together.');
  });

  it('give delays back from the slope of phase, and leave out what is far off', () => {
    const frequencyHz = Float64Array.from({ length: 16 }, (_, at) => 1.4e9 + 125e3 * at);
    const shape = { antennas: 8, feeds: ['X'], timeS: Float64Array.of(0), frequencyHz, referenceAntenna: 0 };
    const table = unitTable('delay', shape);
    for (let antenna = 0; antenna < 8; antenna++) {
      const delayS = antenna === 7 ? 3e-6 : antenna * 1e-8;
      for (const [channel, hz] of frequencyHz.entries()) {
        const entry = tableIndex(table, 0, antenna, 0, channel);
        const phase = 2 * Math.PI * delayS * (hz - 1.401e9);
        table.value.set([Math.cos(phase), Math.sin(phase)], 2 * entry);
      }
    }
    const { svg, caption } = delayFigure('delays', table, ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']);
    expect(caption).toBe(
      'Relative to A, from the slope of phase with frequency. Too far off to be drawn: H X 3000 ns.',
    );
    expect(svg.match(/class="dot c0"/g)).toHaveLength(7);
    expect(svg).toContain('>60<');
  });
});

describe('figures of the sky', () => {
  const size = 1024;
  const pixels = Float64Array.from({ length: size * size }, (_, at) => Math.floor(at / size) % 2);

  it('are shrunk by means where they have more pixels than a reader sees', () => {
    const small = shrinkImage(pixels, size, 512);
    expect(small.size).toBe(512);
    expect(small.pixels.every((value) => value === 0.5)).toBe(true);
    expect(shrinkImage(pixels.subarray(0, 16), 4, 512)).toMatchObject({ size: 4 });
    const svg = drawImage({ title: 't', pixels, size, cellRad: ARCSEC, unit: 'Jy', unitScale: 1 });
    const png = Buffer.from(/data:image\/png;base64,([^"]*)/.exec(svg)![1]!, 'base64');
    expect(png.readUInt32BE(16)).toBe(512);
  });

  it('have coordinates where it is known where they are', () => {
    const part = pixels.subarray(0, 64 * 64);
    const base = { title: 't', pixels: part, size: 64, cellRad: 4 * ARCSEC, unit: 'Jy', unitScale: 1 };
    expect(drawImage(base)).toContain('east offset [arcsec]');
    const svg = drawImage({ ...base, centre: { raRad: 4.9, decRad: 0.04 } });
    expect(svg).toContain('right ascension (ICRS)');
    expect(svg).toMatch(/>\d\dh\d\dm\d\ds</);
  });

  it('stand side by side with one colour bar', () => {
    const panel = { name: '<3>', note: '1.4 GHz', pixels: new Float64Array(16).fill(1) };
    const scale = { low: 0, high: 2, stretch: 'linear' } as const;
    const html = drawImageGrid({
      panels: [panel, panel, panel],
      size: 4,
      cellRad: ARCSEC,
      scale,
      unit: 'Jy/beam',
      unitScale: 1,
    });
    expect(html.match(/<svg/g)).toHaveLength(4);
    expect(html).toContain('&#60;3&#62;');
    expect(html.match(/1 arcsec/g)).toHaveLength(1);
    noNaN(html);
  });

  it('name beams in seconds of arc as far as they are short', () => {
    const beam = { majorRad: 40.1 * ARCSEC, minorRad: 17.4 * ARCSEC, positionAngleRad: -0.2 };
    expect(beamText(beam)).toBe('40.1 × 17.4″, −11°');
    expect(beamText({ ...beam, majorRad: 2e-5 * ARCSEC, minorRad: 1e-5 * ARCSEC })).toContain('20 × 10 µas');
  });
});

describe('plots', () => {
  it('make room for long numbers, and draw levels', () => {
    const layers = [{ kind: 'points', x: [1, 2], y: [3e-5, 4e-6] }] as const;
    const svg = drawPlot({
      title: 't',
      xLabel: 'x',
      yLabel: 'y',
      yLog: true,
      layers,
      levels: [{ y: 1e-5, name: 'limit' }],
    });
    const left = Number(/class="frame" x="([\d.]+)"/.exec(svg)![1]);
    expect(left).toBeGreaterThan(85);
    expect(svg).toContain('>limit<');
  });

  it('shade the continuum and leave a gap where a channel has no data', () => {
    const { svg, title } = lineFigure({
      field: 'f',
      spw: 1,
      frequencyHz: Float64Array.from({ length: 8 }, (_, at) => 1.4e9 + at * 1e5),
      ranges: [
        { from: 1, to: 2 },
        { from: 6, to: 7 },
      ],
      hasLine: true,
      statistic: [null, 4, 4, 9, 20, 9, 4, 4],
      threshold: 6,
      continuumFraction: 0.5,
    });
    noNaN(svg);
    expect(title).toBe('f, window 1: a line');
    expect(svg.match(/class="band"/g)).toHaveLength(2);
    expect(svg).toContain('threshold 6');
  });

  it('show amplitudes with their medians', () => {
    const u = Float64Array.from({ length: 2000 }, (_, at) => at * 5);
    const cloud = {
      u,
      v: new Float64Array(2000),
      amplitude: new Float64Array(2000).fill(2),
      caption: 'some',
    };
    const [coverage, amplitude] = visibilityFigures('x', cloud);
    expect(coverage!.svg).toContain('u [kλ]');
    expect(amplitude!.svg.match(/class="dot c1"/g)!.length).toBeGreaterThan(20);
    noNaN(amplitude!.svg);
    const none = new Float64Array(0);
    for (const { svg } of visibilityFigures('x', { u: none, v: none, amplitude: none, caption: '' }))
      noNaN(svg);
  });
});

describe('scores in words', () => {
  it('never name a band that they are not in', () => {
    expect([0.8999, 0.9, 0.29, 0.6699, null, 'failed' as const, undefined].map(scoreText)).toEqual([
      '0.89 fair',
      '0.90 good',
      '0.29 bad · low',
      '0.66 fair · low',
      'not applicable',
      'scoring failed',
      'not judged',
    ]);
  });
});
