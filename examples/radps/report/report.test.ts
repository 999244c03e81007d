import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  ARCSEC,
  deconvolve,
  defaultSimulation,
  findSources,
  flagVisibilities,
  gridChannel,
  normalisePlane,
  restore,
  selectChannel,
  simulateObservation,
} from '../science/index.ts';
import { COLOUR_MAP, scalePlace, scaleValue } from './colour-map.ts';
import { angleUnit, drawImage } from './image-figure.ts';
import { renderObservationReport } from './observation-report.ts';
import { drawPlot } from './plot-figure.ts';
import { encodePng } from './png.ts';
import { formatNumber, logTicks, niceTicks } from './ticks.ts';

describe('PNG', () => {
  it('holds the pixels it was given', () => {
    const pixels = Uint8Array.of(0, 1, 2, 2, 1, 0);
    const png = encodePng({ width: 3, height: 2, pixels, palette: COLOUR_MAP });
    expect([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join('')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
    const at = png.indexOf('IDAT');
    const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect([...lines]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]);
    expect(png.indexOf('tRNS')).toBe(-1);
    const clear = encodePng({
      width: 1,
      height: 1,
      pixels: Uint8Array.of(0),
      palette: Uint8Array.of(1, 2, 3, 0),
    });
    expect(clear.indexOf('tRNS')).toBeGreaterThan(0);
  });
});

describe('colour map', () => {
  it('grows lighter in even steps', () => {
    const linear = (value: number): number =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const lightness = Array.from({ length: 256 }, (_, index) => {
      const [r, g, b] = [...COLOUR_MAP.subarray(4 * index, 4 * index + 3)].map(linear) as [
        number,
        number,
        number,
      ];
      return 116 * Math.cbrt(0.2126 * r + 0.7152 * g + 0.0722 * b) - 16;
    });
    for (let index = 16; index < 256; index += 16) {
      const step = lightness[index]! - lightness[index - 16]!;
      expect(step).toBeGreaterThan(3);
      expect(step).toBeLessThan(8);
    }
  });

  it('goes from value to place and back', () => {
    const scale = { low: -1, high: 100, stretch: 'asinh', softness: 2 } as const;
    for (const value of [-1, 0, 3, 50, 100])
      expect(scaleValue(scale, scalePlace(scale, value))).toBeCloseTo(value, 9);
    expect(scalePlace(scale, 1e9)).toBe(1);
  });
});

describe('numbers for people', () => {
  it('writes them short', () => {
    expect([0, 1234.5678, -0.0012345, 6.02e23, 1e-7, Number.NaN].map((value) => formatNumber(value))).toEqual(
      ['0', '1230', '−0.00123', '6.02 × 10²³', '10⁻⁷', '–'],
    );
    expect(niceTicks(-1.1, 1.1)).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(logTicks(1, 1e4)).toEqual([1, 10, 100, 1000, 10000]);
  });

  it('chooses the unit of angles by the field', () => {
    expect([1e4, 500, 0.5, 1e-4].map((arcsec) => angleUnit(arcsec * ARCSEC).name)).toEqual([
      'arcmin',
      'arcsec',
      'mas',
      'µas',
    ]);
  });
});

describe('figures', () => {
  it('put east to the left and north up', () => {
    const size = 64;
    const pixels = new Float64Array(size * size);
    const svg = drawImage({
      title: 'x',
      pixels,
      size,
      cellRad: ARCSEC,
      unit: 'Jy',
      unitScale: 1,
      marks: [
        { l: 10 * ARCSEC, m: 0, label: 'east' },
        { l: 0, m: 10 * ARCSEC, label: 'north' },
      ],
    });
    const circles = [...svg.matchAll(/<circle class="mark" cx="([\d.]+)" cy="([\d.]+)"/g)];
    const [east, north] = circles.map((match) => [Number(match[1]), Number(match[2])] as const);
    expect(east![0]).toBeLessThan(north![0]);
    expect(north![1]).toBeLessThan(east![1]);
  });

  it('draw nothing that is not a number, and survive empty data', () => {
    const plot = drawPlot({
      title: '<script>',
      xLabel: 'x',
      yLabel: 'y',
      layers: [
        { kind: 'line', name: 'a', x: [1, 2, 3], y: [1, Number.NaN, 3] },
        { kind: 'points', name: 'b', x: [], y: [] },
        { kind: 'cloud', x: new Float64Array(0), y: new Float64Array(0) },
      ],
    });
    expect(plot).not.toContain('NaN');
    expect(plot).not.toContain('<script>');
  });
});

describe('report', () => {
  it('is one page without outside references, with every picture and the sources', () => {
    const options = defaultSimulation({ channels: 2, scans: 3, integrations: 4 });
    const { observation } = simulateObservation(options);
    const set = observation.sets[0]!;
    const { flag, report: flagging } = flagVisibilities(set);
    const setup = { size: 256, cellRad: 3 * ARCSEC, weighting: { kind: 'natural' } } as const;
    const dirty = normalisePlane(gridChannel(selectChannel(set, 0, { flag }), setup));
    const image = restore(dirty, deconvolve(dirty));
    const sources = findSources(image.restored, { ...image, centre: options.fields[0]! });
    const html = renderObservationReport({
      title: 'A & <b>B</b>',
      observation,
      set,
      flag,
      flagging,
      image,
      psf: dirty.psf,
      sources,
      truth: options.fields[0]!.sky,
      parameters: [['image size', '256']],
      versions: [['sidereal', '0.1.0']],
      madeAt: new Date(0),
    });
    expect(html).toContain('A &#38; &#60;b&#62;B&#60;/b&#62;');
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(html).not.toContain('<script');
    expect(html.replaceAll(/data:[^"]*/g, '')).not.toMatch(/NaN|undefined/);
    expect(html.match(/<figure>/g)!.length).toBe(9);
    for (const { name } of options.fields[0]!.sky) expect(html).toContain(name);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html.length).toBeLessThan(600_000);
  });
});
