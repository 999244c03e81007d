import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCSEC, DEGREE } from '../numeric/constants.ts';
import { encodeFitsImage, readFitsImage, writeFitsImage } from './image-file.ts';
import type { FitsImage } from './image-file.ts';

const image: FitsImage = {
  size: 32,
  cellRad: 2 * ARCSEC,
  centre: { raRad: 282.94466666 * DEGREE, decRad: -0.59233333 * DEGREE },
  planes: [0, 1, 2].map((plane) => Float64Array.from({ length: 1024 }, (_, at) => plane + at / 1024)),
  frequencyHz: 1.4e9,
  frequencyStepHz: 2.5e6,
  unit: 'JY/BEAM',
  beam: { majorRad: 9 * ARCSEC, minorRad: 6 * ARCSEC, positionAngleRad: -0.4 },
  object: "Barnard's star",
  telescope: 'simulated Y',
  observer: 'nobody',
  timeS: 61_365.25 * 86_400,
  history: ['flag: 3.7 %', 'x'.repeat(100)],
};

describe('FITS image', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fits-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('has whole blocks and the cards that place it on the sky', () => {
    const bytes = encodeFitsImage(image);
    expect(bytes.length % 2880).toBe(0);
    const text = new TextDecoder('latin1').decode(bytes.subarray(0, 2880 * 2));
    const cards = (text.match(/.{80}/g) ?? []).map((card) => card.trimEnd());
    expect(cards[0]).toBe('SIMPLE  =                    T / conforms to FITS standard 4.0');
    const has = (start: string): void =>
      expect(cards.filter((card) => card.startsWith(start))).toHaveLength(1);
    has("CTYPE1  = 'RA---SIN'");
    has('CRVAL1  =  2.8294466666000E+02');
    has('CDELT1  = -5.5555555555556E-04');
    has('CRPIX1  =                   17');
    has("CUNIT1  = 'deg     '");
    has("CTYPE2  = 'DEC--SIN'");
    has('CDELT2  =  5.5555555555556E-04');
    has("CTYPE3  = 'FREQ    '");
    has('CRVAL3  =           1400000000');
    has('CDELT3  =              2500000');
    has("CTYPE4  = 'STOKES  '");
    has("BUNIT   = 'Jy/beam '");
    has('BMAJ    =  2.5000000000000E-03');
    has('BMIN    =  1.6666666666667E-03');
    has('BPA     = -2.2918311805233E+01');
    has('RESTFRQ =           1400000000');
    has("RADESYS = 'ICRS    '");
    has("OBJECT  = 'Barnard''s star'");
    has("DATE-OBS= '2026-11-21T06:00:00.000'");
    has('MJD-OBS =  6.1365250000000E+04');
    expect(cards).toContain('HISTORY flag: 3.7 %');
    expect(cards.filter((card) => card.startsWith('HISTORY x'))).toHaveLength(2);
    expect(cards.filter((card) => card === 'END')).toHaveLength(1);
  });

  it('comes back as it was, and leaves no other file', async () => {
    const path = join(folder, 'new', 'cube.fits');
    await writeFitsImage(path, image);
    expect(await readdir(join(folder, 'new'))).toEqual(['cube.fits']);
    const back = await readFitsImage(path);
    expect(back.planes.map((plane) => Float32Array.from(plane))).toEqual(
      image.planes.map((plane) => Float32Array.from(plane)),
    );
    expect(back.cellRad).toBeCloseTo(image.cellRad, 14);
    expect(back.centre.raRad).toBeCloseTo(image.centre.raRad, 12);
    expect(back.beam!.positionAngleRad).toBeCloseTo(-0.4, 12);
    expect(back.object).toBe("Barnard's star");
    expect(back.timeS).toBeCloseTo(image.timeS, 2);
    expect(back.unit).toBe('JY/BEAM');
    const { beam: _beam, ...model } = image;
    await writeFitsImage(path, { ...model, unit: 'JY/PIXEL' });
    expect((await readFitsImage(path)).beam).toBeUndefined();
  });

  it('refuses what is not an image, and says when it cannot write', async () => {
    await writeFile(join(folder, 'text.fits'), 'hello');
    await expect(readFitsImage(join(folder, 'text.fits'))).rejects.toMatchObject({ code: 'FITS_NOT_FITS' });
    await expect(writeFitsImage(join(folder, 'text.fits', 'x.fits'), image)).rejects.toMatchObject({
      code: 'FITS_WRITE_FAILED',
    });
    expect(() => encodeFitsImage({ ...image, size: 31 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});
