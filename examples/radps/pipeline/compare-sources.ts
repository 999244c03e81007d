import { fluxAt } from '../science/index.ts';
import type { CleanedImage, FoundSource, SkyComponent } from '../science/index.ts';

/** A true source of the sky beside what was found of it. */
export interface SourceComparison {
  readonly name: string;
  readonly isExtended: boolean;
  readonly trueFluxJy: number;
  /** Absent if it was not found. */
  readonly found?:
    | {
        /** Peak of a point, flux of the island of an extended source, Jy. */
        readonly fluxJy: number;
        readonly fluxRatio: number;
        /** Distance from the true place in beams (the minor axis at half maximum). */
        readonly offsetBeams: number;
      }
    | undefined;
}

/** Sources found in an image beside the sky that is truly there. A source is found if one lies within a beam of it. */
export function compareSources(
  { beam, frequencyHz }: Pick<CleanedImage, 'beam' | 'frequencyHz'>,
  sources: readonly FoundSource[],
  truth: readonly SkyComponent[],
): SourceComparison[] {
  return truth.map((component) => {
    const { name } = component;
    const trueFluxJy = fluxAt(component, frequencyHz);
    const isExtended = component.fwhmRad > 0;
    const reach = Math.max(beam.majorRad, component.fwhmRad / 2);
    const distance = ({ l, m }: FoundSource): number => Math.hypot(l - component.l, m - component.m);
    const [nearest] = sources.toSorted((a, b) => distance(a) - distance(b));
    if (nearest === undefined || distance(nearest) > reach) return { name, isExtended, trueFluxJy };
    const fluxJy = isExtended ? nearest.integratedJy : nearest.peakJy;
    const found = {
      fluxJy,
      fluxRatio: fluxJy / trueFluxJy,
      offsetBeams: distance(nearest) / beam.minorRad,
    };
    return { name, isExtended, trueFluxJy, found };
  });
}
