/**
 * What each stage leaves in the products folder for the stages after it. Paths are relative to the folder of the
 * stage that wrote them, with `/`, so that a products folder can be moved or copied.
 */
import { z } from 'zod';
import type { StageName } from './stage-name.ts';

/** The visibilities of one field in one spectral window: an observation folder with one set. */
const visibilityFile = z.object({
  /** Name of the field, and its index in the field table. */
  field: z.string(),
  fieldIndex: z.int(),
  spw: z.int(),
  path: z.string(),
});
export type VisibilityFile = z.infer<typeof visibilityFile>;

/** A calibration table of one spectral window (JSON, see `calibration-file.ts`). */
const tableFile = z.object({ spw: z.int(), path: z.string() });
export type TableFile = z.infer<typeof tableFile>;

const channelRange = z.object({ from: z.int(), to: z.int() });

const beam = z.object({ majorRad: z.number(), minorRad: z.number(), positionAngleRad: z.number() });

/** A continuum image and what it took to make it. */
const imageFile = z.object({
  field: z.string(),
  fieldIndex: z.int(),
  /** One spectral window, or all of them combined (null). */
  spw: z.int().nullable(),
  /** FITS: restored image, residual, dirty image, model. */
  image: z.string(),
  residual: z.string(),
  dirty: z.string(),
  model: z.string(),
  size: z.int(),
  cellRad: z.number(),
  frequencyHz: z.number(),
  beam,
  peakJy: z.number(),
  noiseJy: z.number(),
  thermalNoiseJy: z.number(),
  snr: z.number(),
  modelFluxJy: z.number(),
  /** Major cycles: iterations so far, peak and noise of the residual (Jy/beam) after each. */
  cycles: z.array(z.object({ iterations: z.int(), peakJy: z.number(), noiseJy: z.number() })),
  /** Why CLEAN ended. */
  reason: z.string(),
});
export type ImageFile = z.infer<typeof imageFile>;

/** Flagging of one field in one spectral window. */
const flagging = z.object({
  field: z.string(),
  spw: z.int(),
  samples: z.int(),
  /** Parts of all samples: flagged when they came, by clipping, by SumThreshold, by extension; and in the end. */
  already: z.number(),
  clipped: z.number(),
  sumThreshold: z.number(),
  extended: z.number(),
  fraction: z.number(),
});

const imported = z.object({
  telescope: z.string(),
  antennas: z.array(z.string()),
  fields: z.array(z.string()),
  visibilities: z.array(visibilityFile),
  flagging: z.array(flagging),
  /** What the antenna-position service said. */
  positions: z.object({
    answer: z.enum(['corrections', 'none', 'unusable']),
    /** Why it is unusable. */
    problem: z.string().optional(),
    /** metres, by antenna name. */
    corrections: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])),
  }),
});
export type ImportOutputs = z.infer<typeof imported>;

export const stageOutputs = {
  'import-calibrators': imported,
  bandpass: z.object({
    calibrator: z.string(),
    fluxJy: z.number(),
    referenceAntenna: z.string(),
    delays: z.array(tableFile),
    bandpass: z.array(tableFile),
    /** Phases over time that were taken out first, to be looked at. */
    phases: z.array(tableFile),
    /** Largest change of the solution in each cycle of the solver. */
    changes: z.array(z.number()),
    reason: z.string(),
  }),
  'time-gain': z.object({
    calibrator: z.string(),
    fluxJy: z.number(),
    referenceAntenna: z.string(),
    /** Median signal-to-noise of a phase solution, per spectral window. */
    snr: z.array(z.object({ spw: z.int(), snr: z.number() })),
    threshold: z.number(),
    choice: z.enum(['per_spw', 'best_spw', 'combined']),
    bestSpw: z.int().nullable(),
    phases: z.array(tableFile),
    gains: z.array(tableFile),
    changes: z.array(z.number()),
    reason: z.string(),
  }),
  'image-calibrators': z.object({ images: z.array(imageFile) }),
  'import-target': imported,
  'calibrate-target': z.object({
    visibilities: z.array(visibilityFile),
    /** Kinds of tables that were missing, and stand-ins of ones applied in their place. */
    fallback: z.array(z.string()),
    continuum: z.array(
      z.object({
        field: z.string(),
        fieldIndex: z.int(),
        spw: z.int(),
        ranges: z.array(channelRange),
        hasLine: z.boolean(),
        /** [channel] the statistic that was clipped, null where a channel has no data; and its threshold. */
        statistic: z.array(z.number().nullable()),
        threshold: z.number(),
        continuumFraction: z.number(),
      }),
    ),
    /** FITS cubes of what was looked at. */
    dirtyCubes: z.array(z.object({ field: z.string(), spw: z.int(), path: z.string() })),
  }),
  cube: z.object({
    cubes: z.array(
      z.object({
        field: z.string(),
        fieldIndex: z.int(),
        spw: z.int(),
        /** FITS cube, restored, continuum subtracted. */
        cube: z.string(),
        /** FITS image: the highest value along frequency. */
        peakMap: z.string(),
        size: z.int(),
        cellRad: z.number(),
        beam,
        frequencyHz: z.array(z.number()),
        noiseJy: z.number(),
        /** The brightest pixel of the cube: where (l, m in rad), in which channel, Jy/beam; and the spectrum there. */
        peak: z.object({ l: z.number(), m: z.number(), channel: z.int(), jy: z.number() }),
        /** Null where a channel has no data. */
        spectrumJy: z.array(z.number().nullable()),
        snr: z.number(),
        cycles: z.array(z.object({ active: z.int(), peakJy: z.number() })),
        reason: z.string(),
      }),
    ),
    subtraction: z.array(
      z.object({
        field: z.string(),
        fieldIndex: z.int(),
        spw: z.int(),
        path: z.string(),
        fitted: z.int(),
        failed: z.int(),
        reducedChiSquare: z.number(),
      }),
    ),
    /** Spectral windows that failed and were tolerated, with why. */
    failed: z.array(z.object({ field: z.string(), spw: z.int(), why: z.string() })),
  }),
  'continuum-selfcal': z.object({
    images: z.array(imageFile),
    selfCal: z.array(
      z.object({
        field: z.string(),
        fieldIndex: z.int(),
        state: z.enum(['improved', 'rolled_back', 'skipped']),
        reason: z.string(),
        /** Cycle 0 is the image before any. */
        cycles: z.array(z.object({ name: z.string(), snr: z.number(), verdict: z.string() })),
        /** The tables of the best cycle, per spectral window in the order of application. Empty: none. */
        tables: z.array(tableFile),
      }),
    ),
  }),
  'continuum-spw': z.object({
    images: z.array(imageFile),
    /** Fields whose best self-calibration was applied. */
    selfCalibrated: z.array(z.string()),
  }),
} as const satisfies Readonly<Record<StageName, z.ZodType>>;

export type StageOutputs = { readonly [Stage in StageName]: z.infer<(typeof stageOutputs)[Stage]> };
