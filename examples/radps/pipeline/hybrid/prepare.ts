import { flow, future, run, task } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import { prepareVlbiSet } from '../../science/index.ts';
import type { Observation, VisibilitySet } from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';
import { windowOf } from '../direct/flag.ts';
import { shareObservation } from '../shared-observation.ts';
import type { Flagged } from './flag.ts';
import { hybridKnobs, preparationOf } from './hybrid-input.ts';
import type { HybridKnobs } from './hybrid-input.ts';
import type { Imported } from './import.ts';
import { judgeStage } from './stage-outcome.ts';

/** Visibilities ready for hybrid mapping: total intensity, averaged, in shared memory. */
export interface Prepared {
  /** One a spectral window. */
  readonly sets: readonly VisibilitySet[];
  readonly antennas: number;
  readonly outcome: StageOutcome;
}

/** The field that is imaged. */
const FIELD = 0;

/** Averages and weighs one spectral window. Kept: a resumed run needs neither the files nor the flags for it. */
const prepareWindow = task(
  { name: 'prepare-window', on: 'threads', persist: true },
  ({ observation }: Imported, { windows }: Flagged, window: number, knobs: HybridKnobs): VisibilitySet => {
    const set = windowOf(observation, window);
    const flagged = { ...set, flag: windows[window]?.flag ?? set.flag };
    const rows = set.field.every((field) => field === FIELD) ? flagged : ofField(flagged);
    return share(observation, prepareVlbiSet(rows, preparationOf(knobs)));
  },
);

function ofField(set: VisibilitySet): VisibilitySet {
  const rows = [...set.field.keys()].filter((row) => set.field[row] === FIELD);
  return selectRows(set, Int32Array.from(rows));
}

function share(header: Observation, set: VisibilitySet): VisibilitySet {
  return shareObservation({ ...header, sets: [set] }).sets[0] ?? set;
}

/** Stage: total intensity, averaged in time, its short baselines scaled to the compact flux. */
export const prepare = flow(
  {
    name: 'prepare',
    input: { imported: future<Imported>(), flagged: future<Flagged>(), knobs: hybridKnobs },
  },
  async ({ imported, flagged, knobs }): Promise<Prepared> => {
    const { observation } = await imported;
    await flagged;
    const startedMs = run.now();
    const sets = await prepareWindow.map(
      observation.sets.map((_, window) => window),
      (window) => [imported, flagged, window, knobs],
    );
    const seen = new Set<number>();
    for (const { rows, flag, channels, antenna1, antenna2 } of sets) {
      for (let row = 0; row < rows; row += 1) {
        if (flag.subarray(row * channels, (row + 1) * channels).every((value) => value !== 0)) continue;
        seen.add(antenna1[row] ?? 0).add(antenna2[row] ?? 0);
      }
    }
    const averages = sets.reduce((sum, { rows }) => sum + rows, 0);
    const outcome = await judgeStage(startedMs, {
      name: 'stations with data',
      metric: { name: 'stations with data', value: seen.size, unit: '' },
      // Closure amplitudes need four stations; with six there are more closure quantities than gains.
      worst: 3,
      best: 6,
      message: `${averages} averages over at most ${knobs.averageS} s, of ${seen.size} stations`,
    });
    return { sets, antennas: observation.antennas.length, outcome };
  },
);
