/** Which stages a run has: by its mode, and by what was asked for of it. */
import { SiderealError } from 'sidereal';
import { STAGES } from './products/stage-name.ts';
import type { StageName } from './products/stage-name.ts';

/**
 * What the pipeline is run for: everything, the cube, the continuum without or with self-calibration, or the
 * calibration alone.
 */
export const MODES = ['all', 'cube', 'cont', 'contselfcal', 'calibration'] as const;
export type Mode = (typeof MODES)[number];

const CALIBRATION: readonly StageName[] = [
  'import-calibrators',
  'bandpass',
  'time-gain',
  'image-calibrators',
];
const TARGET: readonly StageName[] = [...CALIBRATION, 'import-target', 'calibrate-target'];

const STAGES_OF: Readonly<Record<Mode, readonly StageName[]>> = {
  all: STAGES,
  cube: [...TARGET, 'cube'],
  cont: [...TARGET, 'continuum-selfcal', 'continuum-spw'],
  contselfcal: [...TARGET, 'continuum-selfcal', 'continuum-spw'],
  calibration: CALIBRATION,
};

/** The edges: whose products a stage takes. Without an optional one it does something sensible. */
export const INPUTS_OF: Readonly<
  Record<StageName, { readonly needs: readonly StageName[]; readonly uses: readonly StageName[] }>
> = {
  'import-calibrators': { needs: [], uses: [] },
  bandpass: { needs: ['import-calibrators'], uses: [] },
  'time-gain': { needs: ['import-calibrators', 'bandpass'], uses: [] },
  'image-calibrators': { needs: ['import-calibrators', 'bandpass', 'time-gain'], uses: [] },
  'import-target': { needs: [], uses: [] },
  'calibrate-target': { needs: ['import-target'], uses: ['bandpass', 'time-gain'] },
  cube: { needs: ['calibrate-target'], uses: [] },
  'continuum-selfcal': { needs: ['calibrate-target'], uses: [] },
  'continuum-spw': { needs: ['calibrate-target'], uses: ['continuum-selfcal'] },
};

/** What was asked for: each narrows what the mode would run. */
export interface Selection {
  readonly only?: readonly StageName[] | undefined;
  readonly from?: StageName | undefined;
  readonly until?: StageName | undefined;
  readonly skip?: readonly StageName[] | undefined;
}

/** What is run, and whose earlier products are taken instead. */
export interface Plan {
  readonly run: readonly StageName[];
  /** Not run, but needed: their products must be there. */
  readonly load: readonly StageName[];
  /** Not run, used if their products are there. */
  readonly loadIfThere: readonly StageName[];
}

/** Throws `NOTHING_TO_RUN` when the selection leaves no stage of the mode. */
export function planStages(mode: Mode, { only, from, until, skip }: Selection): Plan {
  const place = (stage: StageName): number => STAGES.indexOf(stage);
  const candidates = only ?? STAGES_OF[mode];
  const run = STAGES.filter(
    (stage) =>
      candidates.includes(stage) &&
      (from === undefined || place(stage) >= place(from)) &&
      (until === undefined || place(stage) <= place(until)) &&
      skip?.includes(stage) !== true,
  );
  if (run.length === 0) {
    throw new SiderealError(
      'NOTHING_TO_RUN',
      `mode ${mode} and the stages that were chosen have nothing in common`,
      {
        remedy: `The stages of mode ${mode} are ${STAGES_OF[mode].join(', ')}.`,
      },
    );
  }
  const missing = (kind: 'needs' | 'uses'): StageName[] =>
    STAGES.filter(
      (stage) => !run.includes(stage) && run.some((other) => INPUTS_OF[other][kind].includes(stage)),
    );
  const load = missing('needs');
  return { run, load, loadIfThere: missing('uses').filter((stage) => !load.includes(stage)) };
}
