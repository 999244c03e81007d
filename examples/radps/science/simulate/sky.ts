import { nMinusOneAt } from '../imaging/w-stack.ts';
import type { DirectionCosines } from '../numeric/coordinates.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import type { VisibilitySet } from '../observation/observation.ts';

/** A narrow line on top of a component's continuum: a Gaussian profile in frequency. */
export interface SpectralLine {
  /** Height above the continuum (negative: absorption), Jy. */
  readonly peakJy: number;
  readonly centreHz: number;
  readonly fwhmHz: number;
}

/** One component of the sky: a point, or a circular Gaussian when `fwhmRad` is given. */
export interface SkyComponent extends DirectionCosines {
  readonly name: string;
  /** Flux density at `referenceHz`, Jy. */
  readonly fluxJy: number;
  readonly referenceHz: number;
  /** α of S ∝ ν^α. */
  readonly spectralIndex: number;
  /** Full width at half maximum, rad; 0 for a point. */
  readonly fwhmRad: number;
  readonly line?: SpectralLine;
}

/** Flux density of a component at a frequency, Jy. */
export function fluxAt(component: SkyComponent, frequencyHz: number): number {
  const continuum = component.fluxJy * (frequencyHz / component.referenceHz) ** component.spectralIndex;
  if (component.line === undefined) return continuum;
  const { peakJy, centreHz, fwhmHz } = component.line;
  const offset = ((frequencyHz - centreHz) / fwhmHz) * FWHM_PER_SIGMA;
  return continuum + peakJy * Math.exp(-0.5 * offset * offset);
}

/**
 * Visibilities of a sky, [row, channel, 2], Jy, for the rows of `set` whose field is `field` (others stay zero):
 * the measurement equation of the library's conventions, with its w-term (Thompson, Moran & Swenson 2017,
 * eq. 3.7), and a Gaussian's visibility exp(−π² θ² (u² + v²) / (4 ln 2)), θ its full width at half maximum.
 *
 * The phase of a component advances evenly from channel to channel, so it costs one sine and cosine a row.
 */
export function predictSky(set: VisibilitySet, sky: readonly SkyComponent[], field = 0): Float64Array {
  const { rows, channels, frequencyHz, uvwM } = set;
  const out = new Float64Array(rows * channels * 2);
  const first = frequencyHz[0] ?? 0;
  const step = channels > 1 ? ((frequencyHz[channels - 1] ?? 0) - first) / (channels - 1) : 0;
  const even = frequencyHz.every(
    (value, index) => Math.abs(value - first - index * step) <= 1e-3 * Math.abs(step),
  );
  for (const component of sky) {
    const flux = Float64Array.from(frequencyHz, (value) => fluxAt(component, value));
    const nOffset = nMinusOneAt(component.l, component.m);
    const width = (Math.PI ** 2 * component.fwhmRad ** 2) / (4 * Math.LN2);
    for (let row = 0; row < rows; row++) {
      if (set.field[row] !== field) continue;
      const u = uvwM[3 * row] ?? 0;
      const v = uvwM[3 * row + 1] ?? 0;
      const w = uvwM[3 * row + 2] ?? 0;
      const turnsPerHz = -(u * component.l + v * component.m + w * nOffset) / SPEED_OF_LIGHT;
      const perHz2 = (width * (u * u + v * v)) / SPEED_OF_LIGHT ** 2;
      let re = Math.cos(2 * Math.PI * turnsPerHz * first);
      let im = Math.sin(2 * Math.PI * turnsPerHz * first);
      const stepRe = Math.cos(2 * Math.PI * turnsPerHz * step);
      const stepIm = Math.sin(2 * Math.PI * turnsPerHz * step);
      for (let channel = 0; channel < channels; channel++) {
        const hz = frequencyHz[channel] ?? 0;
        if (!even) {
          re = Math.cos(2 * Math.PI * turnsPerHz * hz);
          im = Math.sin(2 * Math.PI * turnsPerHz * hz);
        }
        const amplitude = (flux[channel] ?? 0) * (perHz2 === 0 ? 1 : Math.exp(-perHz2 * hz * hz));
        const at = 2 * (row * channels + channel);
        out[at] = (out[at] ?? 0) + amplitude * re;
        out[at + 1] = (out[at + 1] ?? 0) + amplitude * im;
        const nextRe = re * stepRe - im * stepIm;
        im = re * stepIm + im * stepRe;
        re = nextRe;
      }
    }
  }
  return out;
}
