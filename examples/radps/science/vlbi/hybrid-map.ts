import type { CleanResult } from '../clean/hogbom.ts';
import type { CalibrationTable } from '../calibrate/calibration-table.ts';
import { combinePlanes, normalisePlane } from '../imaging/dirty-plane.ts';
import type { DirtyImage } from '../imaging/dirty-plane.ts';
import { predictModel } from '../imaging/model-grid.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import { requireParameter, scienceError } from '../science-error.ts';
import { closureOf, modelClosure } from './closure.ts';
import type { ClosureFit } from './closure.ts';
import { cleanCompact, diskModel, gridTempered } from './compact-image.ts';
import { hybridPlan } from './hybrid-options.ts';
import type { HybridKind, HybridOptions } from './hybrid-options.ts';
import { amplitudeProduct, applyFactors, calibratePhases, solveAmplitudes } from './self-calibrate.ts';

/** What one cycle came to. */
export interface HybridCycle {
  readonly kind: HybridKind;
  readonly modelFluxJy: number;
  /** Agreement of the model with the data as they were before any self-calibration. */
  readonly closure: ClosureFit;
}

export interface HybridMap {
  readonly dirty: DirtyImage;
  readonly clean: CleanResult;
  /** The self-calibrated visibilities. */
  readonly sets: readonly VisibilitySet[];
  readonly cycles: readonly HybridCycle[];
  /** [antenna] amplitude factors that the constant self-calibration found, product of its cycles; 1 where none. */
  readonly amplitude: Float64Array;
}

/**
 * Hybrid mapping (Readhead & Wilkinson 1978, ApJ 223, 25; Pearson & Readhead 1984, ARA&A 22, 97): CLEAN in a compact
 * mask and self-calibration in turn. Phases first, against a uniform disk, later amplitudes, as sparse arrays with
 * poorly known gains need. The result depends on where it starts: run it from several start diameters and keep the
 * one whose model agrees best with the closure quantities (`cycles.at(-1).closure`), which do not depend on gains.
 *
 * This is the plain form; a pipeline that spreads it over threads calls the same steps.
 */
export function hybridMap(prepared: readonly VisibilitySet[], options: HybridOptions): HybridMap {
  const { antennas, setup } = options;
  const plan = hybridPlan(options);
  requireParameter(
    plan.length > 0 && prepared.length > 0,
    `hybrid mapping of ${prepared.length} sets in ${plan.length} cycles`,
    'Give at least one set and one cycle.',
  );
  const done: HybridCycle[] = [];
  const constant: CalibrationTable[] = [];
  let sets = [...prepared];
  let model = diskModel(setup, options.startDiameterRad, options.compactFluxJy);
  let predicted = prepared.map((set) => predictModel(model, set, setup));
  let last: { dirty: DirtyImage; clean: CleanResult } | undefined;
  for (const [cycle, kind] of plan.entries()) {
    sets = sets.map((set, index) => calibratePhases(set, predicted[index] ?? new Float64Array(0), options));
    if (kind !== 'phase') {
      const table = solveAmplitudes(sets, predicted, kind, options);
      sets = sets.map((set) => applyFactors(set, table));
      if (kind === 'amplitude_all') constant.push(table);
    }
    const planes = sets.flatMap((set) =>
      Array.from({ length: set.channels }, (_, channel) => gridTempered(set, channel, options)),
    );
    const dirty = normalisePlane(planes.reduce(combinePlanes));
    const clean = cleanCompact(dirty, cycle, options);
    model = clean.model;
    predicted = prepared.map((set) => predictModel(model, set, setup));
    const closures = prepared.map((set, index) =>
      modelClosure(set, predicted[index] ?? new Float64Array(0), options),
    );
    const modelFluxJy = model.reduce((sum, value) => sum + value, 0);
    done.push({ kind, modelFluxJy, closure: closureOf(closures) });
    last = { dirty, clean };
  }
  if (last === undefined)
    throw scienceError('NO_USABLE_DATA', 'hybrid mapping made no cycle', 'Give at least one.');
  return { ...last, sets, cycles: done, amplitude: amplitudeProduct(constant, antennas) };
}
