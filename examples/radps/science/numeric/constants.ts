/** Speed of light in vacuum, m/s (exact, SI). */
export const SPEED_OF_LIGHT = 299_792_458;

/** Radians in one arcsecond. */
export const ARCSEC = Math.PI / 180 / 3600;

/** Radians in one degree. */
export const DEGREE = Math.PI / 180;

/** Full width at half maximum of a Gaussian, in units of its standard deviation. */
export const FWHM_PER_SIGMA = Math.sqrt(8 * Math.LN2);

/** Seconds in one day. */
export const DAY_S = 86_400;
