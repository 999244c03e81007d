import { flow, inline, run, task, type Flow } from 'sidereal';
import { z } from 'zod';
import { foresee, type Limits } from './foresee.ts';
import { measure } from './measure.ts';
import { caseId, type Measurement, type Planned } from './measurement.ts';

/** Told what happens, for the terminal and for what is written at the end. */
export interface SuiteWatch {
  /** A case begins now, in this process. */
  readonly onBegin: (planned: Planned) => void;
  /** Its process has this number. */
  readonly onProcess: (pid: number) => void;
  /** Here is the next measurement, in order: made now, or taken from the record of the interrupted suite. */
  readonly onMeasurement: (measurement: Measurement) => void;
}

/** What the suite runs; recorded as the input of its flow run, so that a resume measures the same. */
export interface SuiteInput {
  readonly planned: readonly Planned[];
  readonly limits: Limits;
}

const suiteInput = z.custom<SuiteInput>((value) => typeof value === 'object' && value !== null);

/**
 * The suite as a pipeline: one task run a measurement, one after another, so that they do not disturb each
 * other. A finished measurement is in the record, and an interrupted suite goes on after it.
 */
export function suiteFlow(watch: SuiteWatch): Flow<SuiteInput, readonly Measurement[]> {
  const measureOne = task(
    // Strict: a measurement that was told of is on stable storage; one that was killed is made again.
    { name: 'measure', durability: 'strict', onUnknown: 'rerun' },
    async (planned: Planned, limits: Limits): Promise<Measurement> => {
      watch.onBegin(planned);
      const date = new Date().toISOString();
      const result = await measure(planned, { limits, signal: run.signal, onStart: watch.onProcess });
      return { ...planned, result, date };
    },
  );

  return flow(
    { name: 'overhead-suite', input: suiteInput, runner: inline(1), concurrency: 1 },
    async ({ planned, limits }) => {
      const done: Measurement[] = [];
      for (const one of planned) {
        const foreseen = foresee(one, done, limits);
        const key = `${caseId(one)} | ${one.repetition}`;
        const measurement: Measurement =
          foreseen === undefined
            ? await measureOne.with({ key })(one, limits)
            : { ...one, result: foreseen, date: '' };
        done.push(measurement);
        watch.onMeasurement(measurement);
      }
      return done;
    },
  );
}
