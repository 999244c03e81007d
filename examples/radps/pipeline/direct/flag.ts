import { flow, future, run, task } from 'sidereal';
import { flaggedFractions, flagVisibilities } from '../../science/index.ts';
import type { FlagReport, Observation, VisibilitySet } from '../../science/index.ts';
import { rowsOfGroup, selectRows } from '../baseline-rows.ts';
import { judge } from '../quality.ts';
import { shareBytes } from '../shared-observation.ts';

/** Groups of baselines that are flagged apart, for interference is searched baseline by baseline. */
const GROUPS = 8;

/** One group of the baselines of one spectral window. */
interface BaselineGroup {
  readonly window: number;
  readonly group: number;
}

interface FlaggedGroup extends BaselineGroup {
  /** Of the group's rows, in their order. */
  readonly flag: Uint8Array;
  readonly report: FlagReport;
}

/** What is flagged in one spectral window. */
export interface FlaggedWindow {
  /** [row, channel, correlation] of the whole window, in shared memory. */
  readonly flag: Uint8Array;
  readonly report: FlagReport;
}

const flagBaselines = task(
  { name: 'flag-baselines', on: 'threads', persist: true },
  (observation: Observation, { window, group }: BaselineGroup): FlaggedGroup => {
    const set = windowOf(observation, window);
    return { window, group, ...flagVisibilities(selectRows(set, rowsOfGroup(set, group, GROUPS))) };
  },
);

/**
 * Puts the flags of all groups together in shared memory. It only copies, so it stays on the flow's own thread,
 * and is done again when a run is resumed.
 */
const joinFlags = task(
  { name: 'join-flags', on: 'inline' },
  ({ sets }: Observation, groups: readonly FlaggedGroup[]): FlaggedWindow[] =>
    sets.map((set, window) =>
      joinWindow(
        set,
        groups.filter((part) => part.window === window),
      ),
    ),
);

function joinWindow(set: VisibilitySet, groups: readonly FlaggedGroup[]): FlaggedWindow {
  const flag = shareBytes(set.flag);
  const width = set.channels * set.correlations.length;
  for (const part of groups) {
    for (const [index, row] of rowsOfGroup(set, part.group, GROUPS).entries()) {
      flag.set(part.flag.subarray(index * width, (index + 1) * width), row * width);
    }
  }
  const total = (count: (report: FlagReport) => number): number =>
    groups.reduce((sum, { report }) => sum + count(report), 0);
  return {
    flag,
    report: {
      samples: flag.length,
      already: total(({ already }) => already),
      invalid: total(({ invalid }) => invalid),
      clipped: total(({ clipped }) => clipped),
      sumThreshold: total(({ sumThreshold }) => sumThreshold),
      extended: total(({ extended }) => extended),
      ...flaggedFractions(set, flag),
    },
  };
}

/** The visibilities of one spectral window. */
export function windowOf({ sets }: Observation, window: number): VisibilitySet {
  const set = sets[window];
  if (set === undefined) throw new RangeError(`there is no spectral window ${window}`);
  return set;
}

/** Stage: finds interference, on threads by groups of baselines, and judges how much is left. */
export const flag = flow(
  { name: 'flag', input: { observation: future<Observation>() } },
  async ({ observation }) => {
    const { sets } = await observation;
    const groups = sets.flatMap((_, window) =>
      Array.from({ length: GROUPS }, (__, group) => ({ window, group })),
    );
    const windows = joinFlags(
      observation,
      flagBaselines.map(groups, (group) => [observation, group]),
    );
    for (const [window, { report }] of (await windows).entries()) {
      const percent = 100 * report.fraction;
      run.log('flagged', { window, percent, clipped: report.clipped, sumThreshold: report.sumThreshold });
      await judge({
        name: 'flagged',
        metric: { name: 'flagged samples', value: percent, unit: '%' },
        worst: 80,
        best: 20,
        message: `${percent.toFixed(2)} % of ${report.samples} samples are not used`,
        scope: { spw: window },
      });
    }
    return windows;
  },
);
