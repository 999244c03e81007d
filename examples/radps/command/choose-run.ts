import { RESUME, recordedRun, SiderealError } from 'sidereal';
import type { Flow, ReuseRules } from 'sidereal';
import { examplePipeline, pipelineResult } from '../pipeline/example-pipeline.ts';
import { imageObservation, imagingResult } from '../pipeline/direct/image-observation.ts';
import { importObservation } from '../science/index.ts';
import type { Antenna } from '../science/index.ts';
import { hybridImaging } from '../pipeline/hybrid/hybrid-imaging.ts';
import { hybridResult } from '../pipeline/hybrid/hybrid-result.ts';
import { hybridSummary } from './hybrid-summary.ts';
import { usage } from './option-values.ts';
import { imagingSummary } from './imaging-summary.ts';
import type { Command, ObservationCommand } from './options.ts';
import { pipelineSummary } from './pipeline-summary.ts';
import { observationFiles, outputFolder, pipelineRunInput } from './run-input.ts';

/** A flow that the command line can run, and how its result is told. */
interface Runnable {
  readonly flow: Pick<Flow<never, unknown>, 'definition'>;
  summary(runId: string, seconds: number, value: unknown): string;
}

const RUNNABLE: readonly Runnable[] = [
  {
    flow: examplePipeline,
    summary: (runId, seconds, value) => pipelineSummary(runId, seconds, pipelineResult.parse(value)),
  },
  {
    flow: imageObservation,
    summary: (runId, seconds, value) => imagingSummary(runId, seconds, imagingResult.parse(value)),
  },
  {
    flow: hybridImaging,
    summary: (runId, seconds, value) => hybridSummary(runId, seconds, hybridResult.parse(value)),
  },
];

/** What is to be started or continued. */
export interface ChosenRun extends Runnable {
  readonly threads: number;
  readonly input: unknown;
  readonly resume?: { readonly runId: string; readonly rules: ReuseRules; readonly takeOver: boolean };
}

/** Baselines longer than this, m, are not connected: their phases are not calibrated. */
const VLBI_BASELINE_M = 500e3;

/** What a command starts. Throws coded errors for what cannot be. */
export async function chooseRun(command: Exclude<Command, { kind: 'help' }>): Promise<ChosenRun> {
  return { ...(await chooseFlow(command)), threads: command.threads };
}

async function chooseFlow(command: Exclude<Command, { kind: 'help' }>): Promise<Omit<ChosenRun, 'threads'>> {
  switch (command.kind) {
    case 'resume': {
      const { id, flow } = await recordedRun(command.runId);
      const runnable = RUNNABLE.find((candidate) => candidate.flow.definition.name === flow);
      if (runnable === undefined) {
        throw new SiderealError(
          'RUN_NOT_FOUND',
          `run ${id} is of flow ${flow}, which is not of this example`,
          {
            remedy: `Go on with it by \`npx sidereal resume ${id}\`.`,
          },
        );
      }
      return { ...runnable, input: undefined, resume: { runId: id, rules: RESUME, takeOver: false } };
    }
    case 'pipeline':
      return { ...runnableOf(examplePipeline), input: await pipelineRunInput(command) };
    case 'observation':
      return chooseImaging(command);
  }
}

async function chooseImaging(command: ObservationCommand): Promise<Omit<ChosenRun, 'threads'>> {
  const files = await observationFiles(command.files);
  const { seed, channels, antennas, size } = command;
  const [first] = files;
  const common = { ...outputFolder(command.out), ...(size === undefined ? {} : { size }) };
  if (first === undefined) {
    const simulation = { seed, channels, antennas };
    return { ...runnableOf(imageObservation), input: { ...common, simulation } };
  }
  const isVlbi = files.length > 1 || (await isOfVeryLongBaselines(first));
  const mode = command.mode ?? (isVlbi ? 'hybrid' : 'image');
  if (mode === 'hybrid') return { ...runnableOf(hybridImaging), input: { ...common, observations: files } };
  if (files.length > 1) throw usage(`--mode image takes one observation, not ${files.length}`);
  return { ...runnableOf(imageObservation), input: { ...common, observation: first } };
}

/** A file that cannot be read is left to the run, which records what is wrong with it. */
async function isOfVeryLongBaselines(path: string): Promise<boolean> {
  try {
    return isVeryLong((await importObservation(path)).antennas);
  } catch {
    return false;
  }
}

/** Is any baseline so long that stations have clocks and weather of their own? */
function isVeryLong(antennas: readonly Antenna[]): boolean {
  return antennas.some((a, index) =>
    antennas
      .slice(index + 1)
      .some(
        (b) =>
          Math.hypot(...a.position.map((value, axis) => value - (b.position[axis] ?? 0))) > VLBI_BASELINE_M,
      ),
  );
}

function runnableOf(flow: Runnable['flow']): Runnable {
  const found = RUNNABLE.find((runnable) => runnable.flow === flow);
  if (found === undefined) throw new RangeError('a flow is not listed');
  return found;
}
