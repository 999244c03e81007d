import { fitBeam } from '../clean/beam.ts';
import type { Beam } from '../clean/beam.ts';
import { deconvolve, restore } from '../clean/deconvolve.ts';
import type { CleanedImage, DeconvolveOptions } from '../clean/deconvolve.ts';
import { writeFitsImage } from '../fits/image-file.ts';
import type { DirtyImage } from '../imaging/dirty-plane.ts';
import { requireParameter } from '../science-error.ts';
import type { ProductHeader } from './write-products.ts';

/** The widest of the beams of some channels (by major axis): a common beam that none of them is sharper than. */
export function commonBeam(images: readonly DirtyImage[]): Beam {
  const beams = images.map(({ psf, size, cellRad }) => fitBeam(psf, 2 * size, cellRad));
  const [first, ...rest] = beams;
  requireParameter(first !== undefined, 'no channel has a beam', 'Give at least one channel with data.');
  return rest.reduce((widest, beam) => (beam.majorRad > widest.majorRad ? beam : widest), first);
}

/** One channel of a cube: CLEANed, and restored with the beam that all channels share. A function for a thread. */
export function cleanChannel(image: DirtyImage, beam: Beam, options: DeconvolveOptions = {}): CleanedImage {
  return restore(image, deconvolve(image, options), beam);
}

/** Writes restored channels, in order of frequency and evenly spaced, as one FITS cube. */
export async function writeCube(
  path: string,
  channels: readonly Pick<CleanedImage, 'size' | 'cellRad' | 'frequencyHz' | 'restored' | 'beam'>[],
  header: ProductHeader,
): Promise<void> {
  const [first, second] = channels;
  requireParameter(
    first !== undefined,
    'a cube of no channels cannot be written',
    'Give at least one channel.',
  );
  const step = second === undefined ? header.bandwidthHz : second.frequencyHz - first.frequencyHz;
  for (const [index, { frequencyHz }] of channels.entries()) {
    requireParameter(
      Math.abs(frequencyHz - first.frequencyHz - index * step) < 0.01 * Math.abs(step),
      `channel ${index} of the cube is at ${frequencyHz} Hz, not at ${first.frequencyHz + index * step} Hz`,
      'Give channels in order and evenly spaced; fill missing ones with empty planes.',
    );
  }
  await writeFitsImage(path, {
    size: first.size,
    cellRad: first.cellRad,
    centre: header.centre,
    planes: channels.map(({ restored }) => restored),
    frequencyHz: first.frequencyHz,
    frequencyStepHz: step,
    unit: 'JY/BEAM',
    beam: first.beam,
    object: header.object,
    telescope: header.telescope,
    observer: header.observer,
    timeS: header.timeS,
    history: header.history,
  });
}

/** Value of each plane at a direction (l, m), rad, to the nearest pixel: a spectrum. */
export function spectrumAt(
  planes: readonly Float64Array[],
  geometry: Readonly<{ size: number; cellRad: number }>,
  l: number,
  m: number,
): Float64Array {
  const { size, cellRad } = geometry;
  const x = Math.round(size / 2 - l / cellRad);
  const y = Math.round(size / 2 + m / cellRad);
  const inside = x >= 0 && x < size && y >= 0 && y < size;
  return Float64Array.from(planes, (plane) => (inside ? (plane[y * size + x] ?? Number.NaN) : Number.NaN));
}
