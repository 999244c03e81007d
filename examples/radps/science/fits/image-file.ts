import type { Beam } from '../clean/beam.ts';
import { DAY_S, DEGREE } from '../numeric/constants.ts';
import type { SkyDirection } from '../numeric/coordinates.ts';
import { requireParameter, scienceError } from '../science-error.ts';
import { readFitsFile } from './fits-file.ts';
import { encodeFitsHeader, headerNumber, headerText, paddedLength } from './header.ts';
import type { FitsCard, FitsHeader } from './header.ts';
import { writeFileAtomically } from './write-file.ts';

/** An image or cube on the sky, as it goes into and comes out of a FITS file. */
export interface FitsImage {
  /** Pixels on a side of each plane. */
  readonly size: number;
  /** Side of a pixel, rad. */
  readonly cellRad: number;
  /** Direction of the pixel (size/2, size/2), counted from 0. */
  readonly centre: SkyDirection;
  /** One plane per channel, each [y, x], x growing to the west, y to the north. */
  readonly planes: readonly Float64Array[];
  /** Frequency of the first plane, and from one to the next (of a single plane: its bandwidth), Hz. */
  readonly frequencyHz: number;
  readonly frequencyStepHz: number;
  readonly unit: 'JY/BEAM' | 'JY/PIXEL' | '';
  /** None for an image that has no beam, such as a model. */
  readonly beam?: Beam;
  readonly object: string;
  readonly telescope: string;
  readonly observer: string;
  /** Start of the observation, MJD seconds UTC. */
  readonly timeS: number;
  /** How the image came about: one HISTORY line each. */
  readonly history: readonly string[];
}

/**
 * Writes an image (or cube) as FITS, atomically: float32, axes RA, DEC (SIN projection; Calabretta & Greisen
 * 2002, A&A 395, 1077), FREQ (Greisen et al. 2006, A&A 446, 747) and STOKES, beam in BMAJ, BMIN, BPA.
 */
export async function writeFitsImage(path: string, image: FitsImage): Promise<void> {
  await writeFileAtomically(path, [encodeFitsImage(image)]);
}

/** What the header of an image says of it, without its pixels. */
export type FitsImageHeader = Omit<FitsImage, 'planes'> & {
  readonly planes: number;
  /** Lowest and highest value of a pixel. */
  readonly lowest: number;
  readonly highest: number;
};

/** The bytes of the file. */
export function encodeFitsImage(image: FitsImage): Uint8Array {
  const { size, planes } = image;
  requireParameter(
    planes.length > 0 && planes.every((plane) => plane.length === size * size),
    `planes of ${planes.map((plane) => plane.length).join(', ')} pixels are not ${size} × ${size}`,
    'Give at least one plane, all of size × size pixels.',
  );
  let lowest = Infinity;
  let highest = -Infinity;
  for (const plane of planes) {
    for (const value of plane) {
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
  }
  const header = encodeImageHeader({ ...image, planes: planes.length, lowest, highest });
  const pixels = planes.length * size * size;
  const bytes = new Uint8Array(header.length + paddedLength(4 * pixels));
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  for (const [index, plane] of planes.entries()) {
    for (const [at, value] of plane.entries()) view.setFloat32(4 * (index * size * size + at), value);
  }
  return bytes;
}

/** The header as padded blocks; as long for any beam, frequency, and lowest and highest value. */
export function encodeImageHeader(image: FitsImageHeader): Uint8Array {
  return encodeFitsHeader(imageCards(image), image.history);
}

/** Units as the FITS standard spells them (4.0, §4.3); upper case is another spelling of older files. */
const UNIT_TEXT = { 'JY/BEAM': 'Jy/beam', 'JY/PIXEL': 'Jy/pixel', '': '' } as const;

function imageCards(image: FitsImageHeader): FitsCard[] {
  const { size, cellRad, centre, planes, beam, lowest, highest } = image;
  const date = new Date((image.timeS - 40_587 * DAY_S) * 1000).toISOString().slice(0, -1);
  const axis = (
    n: number,
    type: string,
    value: number,
    step: number,
    pixel: number,
    unit: string,
  ): FitsCard[] => [
    [`CTYPE${n}`, type],
    [`CRVAL${n}`, value],
    [`CDELT${n}`, step],
    [`CRPIX${n}`, pixel],
    [`CUNIT${n}`, unit],
  ];
  const beamCards: FitsCard[] =
    beam === undefined
      ? []
      : [
          ['BMAJ', beam.majorRad / DEGREE, 'beam, full width at half maximum [deg]'],
          ['BMIN', beam.minorRad / DEGREE, '[deg]'],
          ['BPA', beam.positionAngleRad / DEGREE, 'of the major axis, north through east [deg]'],
        ];
  // As many lines where no pixel has a value: a header must not be shorter then.
  const extremes: FitsCard[] =
    lowest <= highest
      ? [
          ['DATAMIN', lowest],
          ['DATAMAX', highest],
        ]
      : [
          ['COMMENT', 'No pixel has a value,'],
          ['COMMENT', 'so there is no DATAMIN and no DATAMAX.'],
        ];
  return [
    ['SIMPLE', true, 'conforms to FITS standard 4.0'],
    ['BITPIX', -32],
    ['NAXIS', 4],
    ['NAXIS1', size],
    ['NAXIS2', size],
    ['NAXIS3', planes],
    ['NAXIS4', 1],
    ['BSCALE', 1],
    ['BZERO', 0],
    ['BUNIT', UNIT_TEXT[image.unit]],
    ['BTYPE', 'Intensity'],
    ...beamCards,
    ['OBJECT', image.object],
    ['TELESCOP', image.telescope],
    ['OBSERVER', image.observer],
    ['DATE-OBS', date],
    ['MJD-OBS', image.timeS / DAY_S],
    ['TIMESYS', 'UTC'],
    ['RADESYS', 'ICRS'],
    ['EQUINOX', 2000],
    ...axis(1, 'RA---SIN', centre.raRad / DEGREE, -cellRad / DEGREE, size / 2 + 1, 'deg'),
    ...axis(2, 'DEC--SIN', centre.decRad / DEGREE, cellRad / DEGREE, size / 2 + 1, 'deg'),
    ...axis(3, 'FREQ', image.frequencyHz, image.frequencyStepHz, 1, 'Hz'),
    ...axis(4, 'STOKES', 1, 1, 1, ''),
    ['RESTFRQ', image.frequencyHz, '[Hz]'],
    ['SPECSYS', 'TOPOCENT'],
    ...extremes,
    ['ORIGIN', 'sidereal example pipeline'],
  ];
}

/** Reads an image that {@link writeFitsImage} wrote. `FITS_UNSUPPORTED` for other kinds of FITS. */
export async function readFitsImage(path: string): Promise<FitsImage & { readonly header: FitsHeader }> {
  const file = await readFitsFile(path);
  const [primary] = file.units;
  if (primary === undefined) throw notAnImage(path);
  const { header, data } = primary;
  const { planes: count, lowest: _lowest, highest: _highest, ...image } = describeImage(header, path);
  const planes = Array.from({ length: count }, (_, plane) =>
    Float64Array.from({ length: image.size ** 2 }, (_unused, at) =>
      data.getFloat32(4 * (plane * image.size ** 2 + at)),
    ),
  );
  return { ...image, planes, header };
}

function notAnImage(path: string): Error {
  return scienceError(
    'FITS_UNSUPPORTED',
    `${path} is not a square float32 image in SIN projection`,
    'Give an image that this program wrote.',
  );
}

/** What the header of an image means. `FITS_UNSUPPORTED` for other kinds of FITS; `path` is for that error. */
export function describeImage(header: FitsHeader, path: string): FitsImageHeader {
  const size = headerNumber(header, 'NAXIS1', 0);
  const isImage =
    headerNumber(header, 'BITPIX') === -32 &&
    headerText(header, 'CTYPE1') === 'RA---SIN' &&
    headerNumber(header, 'NAXIS2', 0) === size;
  if (!isImage) throw notAnImage(path);
  const unit = headerText(header, 'BUNIT').toUpperCase();
  const beam = header.values.has('BMAJ')
    ? {
        majorRad: headerNumber(header, 'BMAJ') * DEGREE,
        minorRad: headerNumber(header, 'BMIN') * DEGREE,
        positionAngleRad: headerNumber(header, 'BPA') * DEGREE,
      }
    : undefined;
  return {
    size,
    planes: headerNumber(header, 'NAXIS3', 1),
    lowest: headerNumber(header, 'DATAMIN', Number.NaN),
    highest: headerNumber(header, 'DATAMAX', Number.NaN),
    cellRad: headerNumber(header, 'CDELT2') * DEGREE,
    centre: {
      raRad: headerNumber(header, 'CRVAL1') * DEGREE,
      decRad: headerNumber(header, 'CRVAL2') * DEGREE,
    },
    frequencyHz: headerNumber(header, 'CRVAL3'),
    frequencyStepHz: headerNumber(header, 'CDELT3'),
    unit: unit === 'JY/BEAM' || unit === 'JY/PIXEL' ? unit : '',
    ...(beam === undefined ? {} : { beam }),
    object: headerText(header, 'OBJECT'),
    telescope: headerText(header, 'TELESCOP'),
    observer: headerText(header, 'OBSERVER'),
    timeS: Date.parse(`${headerText(header, 'DATE-OBS')}Z`) / 1000 + 40_587 * DAY_S,
    history: header.history,
  };
}
