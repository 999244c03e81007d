import { describe, expect, it } from 'vitest';
import { ARCSEC, tableIndex, unitTable } from '../science/index.ts';
import { calibrationSection, selfCalFigure, spectrumFigure, tableFigures } from './calibration-section.ts';
import { renderPage } from './page.ts';
import type { Section } from './page.ts';
import { scoreTone, stageSection } from './stage-section.ts';
import { tickFormat } from './ticks.ts';
import { vlbiSection } from './vlbi-section.ts';

const page = (section: Section): string =>
  renderPage({ title: 't', subtitle: '', tiles: [], sections: [section], footer: '' });

const table = unitTable('gain', {
  antennas: 3,
  feeds: ['X', 'Y'],
  timeS: Float64Array.of(0, 600, 1200),
  frequencyHz: Float64Array.of(1.4e9),
  referenceAntenna: 1,
});
for (let solution = 0; solution < 3; solution++) {
  for (let feed = 0; feed < 2; feed++) table.flag[tableIndex(table, solution, 2, feed)] = 1;
}

describe('sections of the report', () => {
  it('draw a panel for each antenna, and say which has no solution', () => {
    const html = page(calibrationSection([{ name: 'gains', table }], ['A01', 'A02', 'A03']));
    expect(html.match(/no solution/g)).toHaveLength(2);
    expect(html).toContain('<td>A03</td>');
    expect(html).toContain('<td>A02</td>');
    const second = [...html.matchAll(/class="dots c1" d="([^"]*)"/g)];
    expect(second.map(([, path]) => path!.match(/h0/g)!.length)).toEqual([3, 3, 3, 3]);
    const phaseOnly = tableFigures({ ...table, kind: 'phase' }, ['A01', 'A02', 'A03']);
    expect(phaseOnly.map(({ title }) => title)).toEqual(['Phase: phase']);
  });

  it('colour scores by band, and tell failed scoring from none', () => {
    expect([0.1, 0.5, 0.8, 0.95, 'failed' as const, undefined].map(scoreTone)).toEqual([
      'bad',
      'poor',
      'fair',
      'good',
      'none',
      'none',
    ]);
    const html = page(
      stageSection([
        { name: 'a', state: 'completed', seconds: 2, score: 0.66 },
        { name: 'b', state: 'completed', score: 0.67 },
        { name: 'c', state: 'upstream_failed', score: 'failed' },
        { name: 'd', state: 'skipped', message: 'no line', score: null },
        { name: 'e', state: 'not run' },
      ]),
    );
    expect(html).toContain('0.66 fair · low');
    expect(html).toContain('>0.67 fair<');
    expect(html.match(/not applicable/g)).toHaveLength(1);
    for (const text of ['scoring failed', 'not applicable', 'upstream failed', 'no line', 'not run'])
      expect(html).toContain(text);
  });

  it('show cycles, spectra and continuum ranges', () => {
    const cycles = [
      { name: 'start', snr: 100, verdict: 'start' },
      { name: 'phase', snr: 300, verdict: 'improved' },
    ];
    expect(selfCalFigure(cycles).caption).toContain('1: phase, 300 (improved)');
    const hz = Float64Array.from({ length: 8 }, (_, index) => 1.42e9 + index * 1e5);
    const figure = spectrumFigure('s', hz, new Float64Array(8).fill(1), {
      yLabel: 'Jy',
      ranges: [{ from: 0, to: 2 }],
    });
    expect(figure.svg).toContain('class="band"');
    expect(figure.svg).toContain('>1.4202<');
  });

  it('report a ring with its errors and what was assumed', () => {
    const uas = 1e-6 * ARCSEC;
    const beam = { majorRad: 20 * uas, minorRad: 20 * uas, positionAngleRad: 0 };
    const image = Float64Array.from({ length: 64 * 64 }, (_, at) => at % 7);
    const html = page(
      vlbiSection({
        size: 64,
        cellRad: 2 * uas,
        image,
        residual: image,
        beam,
        residualBeam: beam,
        cycles: [{ kind: 'phase', modelFluxJy: 0.5, closure: { phase: 3, full: 1.2, freedom: 100 } }],
        starts: [{ diameterRad: 60 * uas, closure: 1.2, chosen: true }],
        ring: {
          centreEastRad: 0,
          centreNorthRad: 0,
          diameterRad: 41.4 * uas,
          diameterErrorRad: 3.9 * uas,
          apparentDiameterRad: 38 * uas,
          widthRad: 20 * uas,
          brightAngleRad: -2.9,
          asymmetry: 0.3,
          centralFraction: 0.41,
        },
        fit: {
          diameterRad: 42.2 * uas,
          widthRad: 13 * uas,
          asymmetry: 0.4,
          brightAngleRad: 2.7,
          asymmetry2: 0,
          brightAngle2Rad: 0,
          diameterErrorRad: 0.4 * uas,
          reducedChiSquare: 2.6,
        },
        assumptions: 'A compact flux of 0.6 Jy was assumed.',
      }),
    );
    expect(html).toContain('(41.4 ± 3.9) µas');
    expect(html).toContain('(42.2 ± 0.4) µas');
    expect(html).toContain('A compact flux of 0.6 Jy was assumed.');
    expect(html).toContain('194°');
    expect(html.replaceAll(/data:[^"]*/g, '')).not.toMatch(/NaN|undefined/);
  });

  it('label ticks so that each differs from the next', () => {
    const ticks = [1.4, 1.401, 1.402];
    expect(ticks.map(tickFormat(ticks))).toEqual(['1.400', '1.401', '1.402']);
    expect([-100, 0, 100].map(tickFormat([-100, 0, 100]))).toEqual(['−100', '0', '100']);
  });
});
