import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openStore, RESUME, startRun, threads } from 'sidereal';
import type { Flow, RunOutcome, StageProgress } from 'sidereal';
import {
  FIRST_TARGET_FIELD,
  fullSimulation,
  lineCentreHz,
  simulateObservation,
} from '../../science/index.ts';
import type {
  FullSimulationOptions,
  InstrumentErrors,
  SimulatedField,
  VisibilitySet,
} from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';
import type { StageOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { writeVisibilities } from '../visibilities.ts';

/** A folder for the files of one test file, and a store in it. */
export class TestRuns {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<TestRuns> {
    return new TestRuns(await mkdtemp(join(tmpdir(), 'imaging-')));
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }

  /** Runs a flow on two threads, every invariant of the scheduler checked. */
  async outcome<Input, Result>(flow: Flow<Input, Result>, input: Input): Promise<RunOutcome> {
    const definition = {
      ...flow.definition,
      options: { ...flow.definition.options, runner: threads(2) },
    };
    const store = await openStore(join(this.folder, 'store'));
    try {
      return await startRun(definition, input, { store, validate: true }).outcome;
    } finally {
      await store.close();
    }
  }

  /** Starts a run, cuts it off as soon as `isTime`, and goes on with it. */
  async resumed<Input, Result>(
    flow: Flow<Input, Result>,
    input: Input,
    isTime: (progress: readonly StageProgress[]) => boolean,
  ): Promise<RunOutcome> {
    const definition = {
      ...flow.definition,
      options: { ...flow.definition.options, runner: threads(2) },
    };
    const store = await openStore(join(this.folder, 'store'));
    try {
      const first = startRun(definition, input, { store });
      let isOver = false;
      void first.outcome.then(() => {
        isOver = true;
      });
      while (!isTime(first.progress()) && !isOver) await setTimeout(5);
      first.cancel('cut off');
      const { runId, state } = await first.outcome;
      if (state !== 'cancelled')
        throw new Error(`the run was ${state ?? 'not recorded'} before it was cut off`);
      const resume = { runId, rules: RESUME, takeOver: false };
      return await startRun(definition, undefined, { store, resume, validate: true }).outcome;
    } finally {
      await store.close();
    }
  }

  async value<Input, Result>(flow: Flow<Input, Result>, input: Input): Promise<Result> {
    const { error, value } = await this.outcome(flow, input);
    if (error !== undefined) throw error;
    return value as Result;
  }
}

/** A perfect instrument but for phases that only self-calibration can take out. */
export function jitterOnly(phaseJitterRad: number): InstrumentErrors {
  return {
    gainAmplitude: 0,
    phaseDriftRad: 0,
    phaseJitterRad,
    jitterPeriodS: 900,
    bandpassAmplitude: 0,
    bandpassPhaseRad: 0,
    delayS: 0,
    deadAntennas: [],
  };
}

/** A calibrated target, as stage 6 leaves it, and the sky that is truly there. */
export interface TestTarget {
  readonly products: StageProducts<'calibrate-target'>;
  readonly fields: readonly SimulatedField[];
  /** Channel of the line in the last window. */
  readonly lineChannel: number;
}

/** Writes calibrated visibilities of small targets below `folder`. */
export async function writeTarget(
  folder: string,
  options: FullSimulationOptions = {},
  errors?: InstrumentErrors,
): Promise<TestTarget> {
  const channels = options.channels ?? 12;
  const spectralWindows = options.spectralWindows ?? 2;
  const small = { antennasPerArm: 5, cycles: 3, interference: false, ...options, channels, spectralWindows };
  const { errors: _errors, ...base } = fullSimulation(small);
  const scans = base.scans.filter(({ field }) => field >= FIRST_TARGET_FIELD);
  const perfect = jitterOnly(0);
  const { observation } = simulateObservation({ ...base, scans, errors: errors ?? perfect });
  const { sets, ...header } = observation;
  const visibilities: VisibilityFile[] = [];
  const continuum: StageOutputs['calibrate-target']['continuum'] = [];
  const [first = 0, second = 0] = base.spectralWindows.at(-1)?.frequencyHz ?? [];
  const lineChannel = Math.round((lineCentreHz(spectralWindows, channels) - first) / (second - first));
  for (let fieldIndex = FIRST_TARGET_FIELD; fieldIndex < base.fields.length; fieldIndex++) {
    for (const [spw, set] of sets.entries()) {
      const own = rowsOfField(set, fieldIndex);
      const file = await writeVisibilities(folder, header, { fieldIndex, spw, set: own });
      visibilities.push(file);
      const hasLine = options.line !== false && spw === spectralWindows - 1;
      const ranges = hasLine
        ? [
            { from: 0, to: lineChannel - 4 },
            { from: lineChannel + 4, to: channels - 1 },
          ].filter(({ from, to }) => to >= from)
        : [{ from: 0, to: channels - 1 }];
      const field = file.field;
      const statistic = { statistic: [], threshold: 6, continuumFraction: 1 };
      continuum.push({ field, fieldIndex, spw, ranges, hasLine, ...statistic });
    }
  }
  const products: StageProducts<'calibrate-target'> = {
    stage: 'calibrate-target',
    folder,
    parameters: {},
    qa: [],
    outputs: { visibilities, fallback: [], continuum, dirtyCubes: [] },
  };
  return { products, fields: base.fields, lineChannel };
}

/** The rows of one field. */
export function rowsOfField(set: VisibilitySet, field: number): VisibilitySet {
  const rows = [...set.field.keys()].filter((row) => set.field[row] === field);
  return selectRows(set, Int32Array.from(rows));
}
