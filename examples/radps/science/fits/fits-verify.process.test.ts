import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMet } from '../../../../scripts/testing/requirement.ts';
import {
  ARCSEC,
  completeCubeFile,
  createCubeFile,
  DEGREE,
  fromDirectionCosines,
  writeCube,
  writeCubePlane,
  writeFitsImage,
  writeProducts,
} from '../index.ts';
import type { CleanedImage, FitsImage } from '../index.ts';

const run = promisify(execFile);

const SIZE = 24;
const centre = { raRad: 281.5 * DEGREE, decRad: -29.94 * DEGREE };
const plane = (level: number): Float64Array =>
  Float64Array.from({ length: SIZE * SIZE }, (_, at) => level + Math.sin(at));

const image: FitsImage = {
  size: SIZE,
  cellRad: 4 * ARCSEC,
  centre,
  planes: [1, 2, 3].map(plane),
  frequencyHz: 1.408e9,
  frequencyStepHz: 125e3,
  unit: 'JY/BEAM',
  beam: { majorRad: 18 * ARCSEC, minorRad: 17 * ARCSEC, positionAngleRad: 0.7 },
  object: 'target 1',
  telescope: 'simulated Y',
  observer: 'nobody',
  timeS: 61_365.829 * 86_400,
  history: ['weighting: Briggs, robust 0.5', 'x'.repeat(300)],
};

const header = { ...image, bandwidthHz: 4e6 };
const cleaned: CleanedImage = {
  size: SIZE,
  cellRad: image.cellRad,
  frequencyHz: 1.41e9,
  beam: image.beam!,
  restored: plane(0),
  residual: plane(1),
  dirty: plane(2),
  model: plane(3),
  noiseJy: 1,
  thermalNoiseJy: 1,
  snr: 1,
  modelFluxJy: 1,
  iterations: 1,
  stop: 'threshold',
  history: new Float64Array(0),
};

/** Every kind of file that the pipeline writes, and some with odd names and values. */
async function writeAll(folder: string): Promise<string[]> {
  const path = (name: string): string => join(folder, `${name}.fits`);
  const products = await writeProducts(folder, 'continuum', cleaned, header);
  await writeCube(
    path('cube'),
    [0, 1, 2].map((channel) => ({ ...cleaned, frequencyHz: 1.4e9 + channel * 125e3 })),
    header,
  );
  const parts = { ...image, planes: 3, lowest: -1, highest: 4 };
  const file = await createCubeFile(path('cube-by-planes'), {
    ...parts,
    lowest: Infinity,
    highest: -Infinity,
  });
  for (const [index, pixels] of image.planes.entries()) await writeCubePlane(file, index, pixels);
  await completeCubeFile(file, parts);
  const quoted = { ...image, object: "O'Neill – µ ".repeat(9), telescope: '', history: ['', 'é'.repeat(99)] };
  await writeFitsImage(path('odd-text'), quoted);
  const { beam: _beam, ...plain } = image;
  const empty = new Float64Array(SIZE * SIZE).fill(Number.NaN);
  await writeFitsImage(path('no-values'), { ...plain, planes: [empty], unit: '' });
  return [...products, ...['cube', 'cube-by-planes', 'odd-text', 'no-values'].map(path)];
}

let folder: string;
let paths: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fits-verify-'));
  paths = await writeAll(folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.skipIf(!isMet('fitsverify'))('the FITS verifier of NASA', () => {
  it('finds no error and no warning in images and cubes', async () => {
    const { stdout } = await run('fitsverify', paths);
    const verdicts = stdout.match(/Verification found \d+ warning\(s\) and \d+ error\(s\)/g);
    expect(verdicts).toEqual(paths.map(() => 'Verification found 0 warning(s) and 0 error(s)'));
  });

  it('finds what is wrong in a file that is', async () => {
    const bytes = await readFile(join(folder, 'cube.fits'));
    const broken = Buffer.from(bytes.toString('latin1').replace("'RA---SIN'", "'ra---SIN "), 'latin1');
    const path = join(folder, 'broken.fits');
    await writeFile(path, broken);
    const told = await run('fitsverify', [path]).catch((error: unknown) => error as { stdout?: string });
    expect(told.stdout).toMatch(/and [1-9]\d* error\(s\)/);
  });
});

/** What astropy makes of a header: sky and frequency of two pixels, units, and all that it warns of. */
const WCS_SCRIPT = `
import json, sys, warnings
import astropy.units as units
from astropy.io import fits
from astropy.wcs import WCS
out = []
for path in sys.argv[1:]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with fits.open(path) as file:
            file.verify("exception")
            header = file[0].header
            wcs = WCS(header)
            corner = [float(v) for v in wcs.pixel_to_world_values(3, 5, header["NAXIS3"] - 1, 0)]
            middle = [float(v) for v in wcs.pixel_to_world_values(header["NAXIS1"] / 2, header["NAXIS2"] / 2, 0, 0)]
            units.Unit(header["BUNIT"])
            out.append(dict(corner=corner, middle=middle, frame=wcs.wcs.radesys, types=list(wcs.wcs.ctype),
                spectral=wcs.wcs.specsys, rest=wcs.wcs.restfrq, mjd=wcs.wcs.mjdobs,
                warned=[str(w.message) for w in caught]))
print(json.dumps(out))
`;

describe.skipIf(!isMet('astropy'))('the coordinates that astropy reads', () => {
  it('are those of the images, without a warning', async () => {
    const { stdout } = await run('/usr/bin/python3', ['-c', WCS_SCRIPT, ...paths]);
    const read = JSON.parse(stdout) as {
      corner: number[];
      middle: number[];
      frame: string;
      types: string[];
      spectral: string;
      mjd: number;
      warned: string[];
    }[];
    const offset = { l: (SIZE / 2 - 3) * image.cellRad, m: (5 - SIZE / 2) * image.cellRad };
    const corner = fromDirectionCosines(offset, centre);
    expect(read).toHaveLength(paths.length);
    for (const [index, found] of read.entries()) {
      expect(found).toMatchObject({ frame: 'ICRS', spectral: 'TOPOCENT', warned: [] });
      expect(found.types).toEqual(['RA---SIN', 'DEC--SIN', 'FREQ', 'STOKES']);
      expect(found.mjd).toBeCloseTo(61_365.829, 6);
      expect(found.middle[0]).toBeCloseTo(281.5, 10);
      expect(found.middle[1]).toBeCloseTo(-29.94, 10);
      expect(found.corner[0]).toBeCloseTo(corner.raRad / DEGREE, 9);
      expect(found.corner[1]).toBeCloseTo(corner.decRad / DEGREE, 9);
      if (paths[index]!.includes('cube-by-planes')) expect(found.corner[2]).toBeCloseTo(1.408e9 + 250e3, 3);
    }
  });
});
