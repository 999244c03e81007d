import type { FlagReport, HybridCycle, ObservationHeader, VisibilitySet } from '../science/index.ts';
import type { StageOutcome } from './stage-section.ts';
import type { VlbiResult } from './vlbi-section.ts';

/** One start of the survey, as the report tells of it. */
export interface ReportedStart {
  readonly startDiameterUas: number;
  readonly chosen: boolean;
  readonly cycles: readonly HybridCycle[];
  /** Does the picture that it ends in show a ring with a dark centre? */
  readonly isRing: boolean;
  readonly diameterUas: number;
  readonly errorUas: number;
  readonly brightAngleDeg: number;
}

/** What a report of hybrid mapping is made of. */
export interface HybridReport {
  readonly title: string;
  readonly observation: ObservationHeader;
  /** Averaged, before and after self-calibration. */
  readonly before: readonly VisibilitySet[];
  readonly after: readonly VisibilitySet[];
  readonly result: Omit<VlbiResult, 'starts' | 'cycles'>;
  readonly frequencyHz: number;
  readonly noiseJy: number;
  readonly snr: number;
  readonly starts: readonly ReportedStart[];
  /** Factors of the stations' amplitudes: [solution, antenna]. */
  readonly amplitudes: { readonly timeS: Float64Array; readonly value: Float64Array };
  /** Of each spectral window. */
  readonly flagging: readonly FlagReport[];
  readonly stages: readonly StageOutcome[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly versions: readonly (readonly [name: string, value: string])[];
  /** When the report was made; the caller's clock. */
  readonly madeAt: Date;
}
