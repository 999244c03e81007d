import { artifact, flow, future, run } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import { chooseStart } from '../../science/index.ts';
import { hybridKnobs } from './hybrid-input.ts';
import type { Prepared } from './prepare.ts';
import { startResults } from './results.ts';
import { judgeNothing, judgeStage } from './stage-outcome.ts';
import { hybridStart } from './start.ts';
import type { HybridStart } from './start.ts';

export interface Survey {
  readonly starts: readonly HybridStart[];
  /** Index of the start whose model agrees best with the closure quantities. */
  readonly chosen: number;
  readonly outcome: StageOutcome;
}

/** Stage: hybrid mapping from every start, side by side; keeps what agrees best with the closure quantities. */
export const survey = flow(
  { name: 'survey', input: { prepared: future<Prepared>(), knobs: hybridKnobs } },
  async ({ prepared, knobs }): Promise<Survey> => {
    await prepared;
    const startedMs = run.now();
    const starts = await hybridStart.map(knobs.startDiametersUas, (startDiameterUas) => ({
      prepared,
      startDiameterUas,
      knobs,
    }));
    const chosen = chooseStart(starts);
    const rows = startResults(starts, chosen);
    await artifact.table(
      'starts',
      rows.map(({ measured, ...row }) => ({ ...row, ringDiameterUas: measured.diameterUas })),
    );
    const rings = rows.filter(({ isRing }) => isRing).length;
    const words = `start ${rows[chosen]?.startDiameterUas} µas of ${rows.length} is kept; ${rings} end in a ring`;
    const closure = starts[chosen]?.cycles.at(-1)?.closure;
    if (closure === undefined || closure.freedom === 0) {
      const why = `${words}; there are no closure amplitudes to judge it by`;
      return { starts, chosen, outcome: await judgeNothing(startedMs, 'closure', why) };
    }
    const outcome = await judgeStage(startedMs, {
      name: 'closure',
      metric: { name: 'closure χ² over degrees of freedom', value: closure.full, unit: '' },
      worst: 5,
      best: 1.5,
      message: words,
    });
    return { starts, chosen, outcome };
  },
);
