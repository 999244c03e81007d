import { ARCSEC } from '../science/index.ts';
import type { Beam, SkyDirection } from '../science/index.ts';
import type { ColourScale } from './colour-map.ts';
import { angleUnit, drawImage } from './image-figure.ts';
import { jansky } from './observation-report.ts';
import type { FigureBlock } from './page.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

/** An image of the sky and what is known of it. */
export interface SkyImage {
  readonly pixels: Float64Array;
  readonly size: number;
  readonly cellRad: number;
  readonly centre: SkyDirection;
  readonly beam?: Beam;
}

/** A beam in words: axes and position angle, `12.1 × 9.8″, 34°`. */
export function beamText({ majorRad, minorRad, positionAngleRad }: Beam): string {
  const { name, rad } = angleUnit(Math.min(majorRad, 100 * ARCSEC));
  const mark = name === 'arcsec' ? '″' : ` ${name}`;
  return `${formatNumber(majorRad / rad)} × ${formatNumber(minorRad / rad)}${mark}, ${formatNumber((positionAngleRad * 180) / Math.PI, 2)}°`;
}

/** One image with coordinates, beam and colour bar. */
export function skyFigure(
  title: string,
  { pixels, size, cellRad, centre, beam }: SkyImage,
  options: Readonly<{
    caption?: string;
    unit?: string;
    scale?: ColourScale;
    marks?: readonly { l: number; m: number; label: string }[];
    small?: boolean;
  }> = {},
): FigureBlock {
  const { caption, scale, marks, small, unit = 'Jy/beam' } = options;
  const highest = scale?.high ?? pixels.reduce((most, value) => (value > most ? value : most), 0);
  const milli = highest < 1;
  return {
    title,
    svg: drawImage({
      title,
      pixels,
      size,
      cellRad,
      centre,
      unit: milli ? `m${unit}` : unit,
      unitScale: milli ? 1e3 : 1,
      ...(beam === undefined ? {} : { beam }),
      ...(scale === undefined ? {} : { scale }),
      ...(marks === undefined ? {} : { marks }),
    }),
    ...(caption === undefined ? {} : { caption }),
    ...(small === undefined ? {} : { small }),
  };
}

/** What CLEAN left, in colours that span five times the noise up and down. */
export function residualFigure(
  title: string,
  image: SkyImage,
  noiseJy: number,
  thermalJy: number,
): FigureBlock {
  return skyFigure(title, image, {
    scale: { low: -5 * noiseJy, high: 5 * noiseJy, stretch: 'linear' },
    caption: `Colours span five times the noise, up and down. Noise ${jansky(noiseJy, '/beam')}; the weights alone would give ${jansky(thermalJy, '/beam')}.`,
  });
}

/** Highest residual and noise of it over the iterations of CLEAN, a dot a major cycle. */
export function cleanFigure(
  title: string,
  cycles: readonly { readonly iterations: number; readonly peakJy: number; readonly noiseJy: number }[],
  reason: string,
): FigureBlock {
  const x = cycles.map(({ iterations }) => iterations);
  const peak = cycles.map(({ peakJy }) => 1e3 * peakJy);
  const noise = cycles.map(({ noiseJy }) => 1e3 * noiseJy);
  return {
    title,
    svg: drawPlot({
      title,
      xLabel: 'iterations',
      yLabel: 'residual [mJy/beam]',
      yLog: true,
      layers: [
        { kind: 'points', name: 'highest', x, y: peak },
        { kind: 'points', name: 'noise', x, y: noise },
        { kind: 'line', x, y: peak, colour: 0 },
        { kind: 'line', x, y: noise, colour: 1 },
      ],
    }),
    caption: `${cycles.length} major cycles, ${cycles.at(-1)?.iterations ?? 0} iterations. Ended: ${reason}.`,
  };
}
