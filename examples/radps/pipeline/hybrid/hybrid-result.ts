import { z } from 'zod';

/** A ring as it was measured in a picture. Angles from north through east. */
const measuredRing = z.object({
  diameterUas: z.number(),
  /** Scatter of the brightest radius around the ring, as a diameter. */
  errorUas: z.number(),
  widthUas: z.number(),
  brightAngleDeg: z.number(),
  /** Brightness of the centre over that of the ring. */
  centralFraction: z.number(),
});
export type MeasuredRing = z.infer<typeof measuredRing>;

const ringResult = measuredRing.extend({
  /** Of a ring fitted to closure phases and amplitudes, without any image. */
  fittedDiameterUas: z.number(),
  /** Statistical alone: from leaving out an eighth of the scans at a time. */
  fittedErrorUas: z.number(),
  fittedWidthUas: z.number(),
  fittedBrightAngleDeg: z.number(),
  fittedClosure: z.number(),
});
export type RingResult = z.infer<typeof ringResult>;

/** What came of one start of the survey. */
const startResult = z.object({
  startDiameterUas: z.number(),
  chosen: z.boolean(),
  /** Closure χ² over degrees of freedom of the final model. */
  closure: z.number(),
  modelFluxJy: z.number(),
  isRing: z.boolean(),
  /** Means something only where `isRing`. */
  measured: measuredRing,
});
export type StartResult = z.infer<typeof startResult>;

/** What the flow gives: where the products are, and what is in the image. */
export const hybridResult = z.object({
  out: z.string(),
  files: z.array(z.string()),
  object: z.string(),
  /** Was a ring with a dark centre found (`science/ring/is-ring.ts`)? */
  isRing: z.boolean(),
  /** Null where none was found. */
  ring: ringResult.nullable(),
  /** χ² over degrees of freedom of the chosen model against closure phases and amplitudes of the data as they came. */
  closure: z.object({ chiSquare: z.number(), freedom: z.number() }),
  /** The start that was chosen, and all that were tried. */
  startDiameterUas: z.number(),
  starts: z.array(startResult),
  image: z.object({
    size: z.number(),
    cellRad: z.number(),
    frequencyHz: z.number(),
    beam: z.object({ majorRad: z.number(), minorRad: z.number(), positionAngleRad: z.number() }),
    noiseJy: z.number(),
    modelFluxJy: z.number(),
    snr: z.number(),
  }),
});
export type HybridResult = z.infer<typeof hybridResult>;
