import { cleanHogbom } from '../clean/hogbom.ts';
import type { CleanResult } from '../clean/hogbom.ts';
import { selectChannel } from '../imaging/channel-visibilities.ts';
import type { DirtyImage, DirtyPlane } from '../imaging/dirty-plane.ts';
import { gridChannel } from '../imaging/grid-channel.ts';
import type { ImagingSetup } from '../imaging/imaging-setup.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import type { HybridOptions } from './hybrid-options.ts';

/** The plane of one channel with tempered weights; planes of all sets and channels add up to the image. */
export function gridTempered(
  set: VisibilitySet,
  channel: number,
  { setup, weightPower }: Pick<HybridOptions, 'setup' | 'weightPower'>,
): DirtyPlane {
  const selected = selectChannel(set, channel);
  const weight = selected.weight.map((value) => value ** weightPower);
  return gridChannel({ ...selected, weight }, setup);
}

/** CLEANs from nothing within the mask, as deep as the cycle's number (from 0) allows. */
export function cleanCompact(
  { dirty, psf }: Pick<DirtyImage, 'dirty' | 'psf'>,
  cycle: number,
  { setup, gain, iterationsPerCycle, maskDiameterRad }: HybridOptions,
): CleanResult {
  const start = { residual: dirty, model: new Float64Array(dirty.length) };
  return cleanHogbom(start, psf, setup.size, {
    gain,
    maxIterations: iterationsPerCycle * (cycle + 1),
    thresholdJy: 0,
    mask: diskMask(setup, maskDiameterRad),
  });
}

/** [size, size] 1 inside a disk about the centre. */
function diskMask(setup: ImagingSetup, diameterRad: number): Uint8Array {
  const { size, cellRad } = setup;
  return Uint8Array.from({ length: size * size }, (_, at) => {
    const distance = Math.hypot((at % size) - size / 2, Math.floor(at / size) - size / 2) * cellRad;
    return distance <= diameterRad / 2 ? 1 : 0;
  });
}

/** A uniform disk of a total flux density, Jy per pixel; of diameter 0 a single pixel. */
export function diskModel(setup: ImagingSetup, diameterRad: number, fluxJy: number): Float64Array {
  const mask = diskMask(setup, diameterRad);
  const pixels = mask.reduce((sum, value) => sum + value, 0);
  return Float64Array.from(mask, (value) => (value * fluxJy) / pixels);
}
