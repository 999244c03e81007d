import { join } from 'node:path';
import type { CleanedImage } from '../clean/deconvolve.ts';
import { writeFitsImage } from '../fits/image-file.ts';
import type { FitsImage } from '../fits/image-file.ts';
import type { SkyDirection } from '../numeric/coordinates.ts';

/** What the headers of the products say besides the image itself. */
export interface ProductHeader {
  readonly object: string;
  readonly telescope: string;
  readonly observer: string;
  readonly centre: SkyDirection;
  /** Start of the observation, MJD seconds UTC. */
  readonly timeS: number;
  readonly bandwidthHz: number;
  readonly history: readonly string[];
}

/**
 * Writes the images of one deconvolution to `folder`: `name.image.fits`, `name.residual.fits`, `name.dirty.fits`
 * (Jy/beam) and `name.model.fits` (Jy/pixel). Returns the paths.
 */
export async function writeProducts(
  folder: string,
  name: string,
  image: CleanedImage,
  header: ProductHeader,
): Promise<string[]> {
  const common = {
    size: image.size,
    cellRad: image.cellRad,
    centre: header.centre,
    frequencyHz: image.frequencyHz,
    frequencyStepHz: header.bandwidthHz,
    object: header.object,
    telescope: header.telescope,
    observer: header.observer,
    timeS: header.timeS,
    history: header.history,
  };
  const products: [string, FitsImage][] = [
    ['image', { ...common, planes: [image.restored], unit: 'JY/BEAM', beam: image.beam }],
    ['residual', { ...common, planes: [image.residual], unit: 'JY/BEAM', beam: image.beam }],
    ['dirty', { ...common, planes: [image.dirty], unit: 'JY/BEAM', beam: image.beam }],
    ['model', { ...common, planes: [image.model], unit: 'JY/PIXEL' }],
  ];
  const paths: string[] = [];
  for (const [kind, product] of products) {
    const path = join(folder, `${name}.${kind}.fits`);
    await writeFitsImage(path, product);
    paths.push(path);
  }
  return paths;
}
