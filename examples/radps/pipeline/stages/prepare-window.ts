import { run, task } from 'sidereal';
import { correctPositions, flagVisibilities, importObservation } from '../../science/index.ts';
import type { Observation, PositionCorrections } from '../../science/index.ts';
import { failAtRandom } from '../failures/mock-failure.ts';
import type { MockFailures } from '../failures/mock-failure.ts';
import type { ImportOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import type { StageName } from '../products/stage-name.ts';
import { RETRIES } from '../retries.ts';
import { shareObservation } from '../shared-observation.ts';
import { writeVisibilities } from '../visibilities.ts';

/** One source in one spectral window, as the archive has it. */
export interface ArchiveWindow {
  readonly field: string;
  readonly fieldIndex: number;
  readonly spw: number;
  /** Observation folder. */
  readonly path: string;
}

/** Gets raw visibilities from the archive into shared memory; not kept, for the archive has them. */
export const fetchFromArchive = task(
  {
    name: 'fetch-from-archive',
    on: 'threads',
    retries: RETRIES,
    timeout: '10m',
  },
  async (window: ArchiveWindow, stage: StageName, failures: MockFailures): Promise<Observation> => {
    failAtRandom(failures, stage, `${window.field} ${window.spw}`);
    return shareObservation(await importObservation(window.path));
  },
);

/** Moves visibilities to the right antenna positions; not kept. */
export const movePositions = task(
  { name: 'correct-positions', on: 'threads' },
  (observation: Observation, corrections: PositionCorrections): Observation =>
    shareObservation(correctPositions(observation, corrections)),
);

/** What preparing one source and spectral window came to. */
export interface PreparedWindow {
  readonly file: VisibilityFile;
  readonly flagging: ImportOutputs['flagging'][number];
}

/** Finds interference, flags it and writes the visibilities to the stage's folder. */
export const flagWindow = task(
  { name: 'flag-window', on: 'threads', retries: RETRIES },
  async (
    { sets, ...header }: Observation,
    { field, fieldIndex, spw }: ArchiveWindow,
    folder: string,
  ): Promise<PreparedWindow> => {
    const [set] = sets;
    if (set === undefined) throw new RangeError(`${field} has no spectral window ${spw}`);
    const { flag, report } = flagVisibilities(set);
    const file = await writeVisibilities(folder, header, { fieldIndex, spw, set: { ...set, flag } });
    const part = (count: number): number => (report.samples === 0 ? 0 : count / report.samples);
    run.log('flagged', { field, spw, percent: 100 * report.fraction });
    return {
      file,
      flagging: {
        field,
        spw,
        samples: report.samples,
        already: part(report.already + report.invalid),
        clipped: part(report.clipped),
        sumThreshold: part(report.sumThreshold),
        extended: part(report.extended),
        fraction: report.fraction,
      },
    };
  },
);
