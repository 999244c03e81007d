import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { flow, run, settled, threads } from 'sidereal';
import type { Settled, TaskFuture } from 'sidereal';
import { z } from 'zod';
import { observe } from './archive/observe.ts';
import { simulationInput } from './archive/simulation.ts';
import { mockFailures } from './failures/mock-failure.ts';
import { imagingSettings } from './imaging/imaging-settings.ts';
import type { ImagingSettings } from './imaging/imaging-settings.ts';
import { forgetProducts, loadProducts } from './load-products.ts';
import type { EarlierProducts } from './load-products.ts';
import { MODES, planStages } from './plan.ts';
import { STAGES } from './products/stage-name.ts';
import type { StageName } from './products/stage-name.ts';
import type { StageProducts } from './products/stage-products.ts';
import type { ReportFacts } from './report/report-facts.ts';
import { report } from './report/write-report.ts';
import { servicesInput } from './services/observatory.ts';
import { representativeScore } from './stage-quality.ts';
import { bandpass } from './stages/bandpass.ts';
import { calibrateTarget } from './stages/calibrate-target.ts';
import { continuumSelfcal } from './stages/continuum-selfcal.ts';
import { continuumSpw } from './stages/continuum-spw.ts';
import { cube } from './stages/cube.ts';
import { imageCalibrators } from './stages/image-calibrators.ts';
import { importCalibrators } from './stages/import-calibrators.ts';
import { importTarget } from './stages/import-target.ts';
import { timeGain } from './stages/time-gain.ts';

const VERSION = '1';
const stageName = z.enum(STAGES);

/** What the pipeline is run on, and how. */
export const pipelineInput = z.object({
  mode: z.enum(MODES).default('all'),
  only: z.array(stageName).optional(),
  from: stageName.optional(),
  until: stageName.optional(),
  skip: z.array(stageName).optional(),
  /** Folder that gets the products, or one folder a run within it. */
  out: z.string(),
  folderPerRun: z.boolean().default(false),
  /** Products folder that stages which are not run are taken from; default: `out`. */
  inputs: z.string().optional(),
  simulation: simulationInput,
  services: servicesInput,
  failures: mockFailures,
  imaging: imagingSettings.omit({ out: true, failures: true }).prefault({}),
  /** Most cycles of the calibration solvers and of the search for continuum. */
  solverCycles: z.int().min(1).default(4),
  findCycles: z.int().min(1).default(3),
  /** Signal-to-noise of a phase solution from which on a window is solved on its own. */
  gainSnr: z.number().positive().default(10),
});
export type PipelineInput = z.infer<typeof pipelineInput>;

/** How one stage ended. */
const stageOutcome = z.object({
  stage: stageName,
  state: z.string(),
  seconds: z.number().optional(),
  /** Of the worst of its QA scores. */
  score: z.union([z.number(), z.null(), z.literal('failed')]).optional(),
  message: z.string().optional(),
});
export type StageOutcome = z.infer<typeof stageOutcome>;

/** What the pipeline gives. */
export const pipelineResult = z.object({
  out: z.string(),
  /** The page to look at. */
  report: z.string(),
  stages: z.array(stageOutcome),
});
export type PipelineResult = z.infer<typeof pipelineResult>;

const ENDED_WELL: ReadonlySet<string> = new Set(['completed', 'cached', 'skipped']);

type Products<Stage extends StageName> = TaskFuture<StageProducts<Stage>>;

/**
 * The example decomposition of a radio pipeline in nine stages. Each takes what earlier stages left in the products
 * folder and leaves its own there; what is not run is taken from an earlier run. Stages start as soon as what they
 * take is there: the target is imported while calibrators are solved, cube and continuum are imaged side by side,
 * and the images of the calibrators gate nothing.
 */
export const examplePipeline = flow(
  { name: 'radps', version: VERSION, input: pipelineInput, runner: threads() },
  async (input): Promise<PipelineResult> => {
    const plan = planStages(input.mode, input);
    const out = input.folderPerRun ? join(input.out, run.id) : input.out;
    const earlier = await loadProducts(plan, input.inputs ?? out);
    await forgetProducts(plan.run, out);
    const archive = await prepareArchive(input, out, plan.run);
    const common = { out, archive, services: input.services, failures: input.failures };
    const solve = { ...common, solverCycles: input.solverCycles, gainSnr: input.gainSnr };
    const imaging: ImagingSettings = { ...input.imaging, out, failures: input.failures };
    const ended = new Map<StageName, TaskFuture<Settled<StageProducts<StageName>>>>();

    /** Runs a stage if it is in the plan; else what it made earlier, if that is there. */
    const stage = <Stage extends StageName>(
      name: Stage,
      call: () => Products<Stage>,
    ): Products<Stage> | StageProducts<Stage> | undefined => {
      if (!plan.run.includes(name)) return earlier[name];
      const future = call();
      ended.set(name, settled(future));
      return future;
    };
    const calibrators = stage('import-calibrators', () => importCalibrators(common));
    const bandpassed = stage('bandpass', () => bandpass({ imported: needed(calibrators), settings: solve }));
    const gained = stage('time-gain', () =>
      timeGain({ imported: needed(calibrators), bandpass: needed(bandpassed), settings: solve }),
    );
    // Gates nothing: it may even fail.
    stage('image-calibrators', () =>
      imageCalibrators({
        imported: needed(calibrators),
        tables: { bandpass: needed(bandpassed), gain: needed(gained) },
        settings: imaging,
      }),
    );
    const target = stage('import-target', () => importTarget(common));
    const calibrated = stage('calibrate-target', () =>
      calibrateTarget({
        imported: needed(target),
        bandpass: bandpassed,
        timeGain: gained,
        settings: {
          out,
          size: imaging.size,
          cellArcsec: imaging.cellArcsec,
          robust: imaging.robust,
          findCycles: input.findCycles,
        },
      }),
    );
    stage('cube', () => cube({ calibrated: needed(calibrated), settings: imaging }));
    const selfcal = stage('continuum-selfcal', () =>
      continuumSelfcal({ calibrated: needed(calibrated), settings: imaging }),
    );
    stage('continuum-spw', () =>
      continuumSpw({ calibrated: needed(calibrated), selfcal, settings: imaging }),
    );

    const stages: StageOutcome[] = [];
    let error: Error | undefined;
    for (const [name, future] of ended) {
      const result = await future;
      stages.push(outcomeOf(name, result));
      if (!ENDED_WELL.has(result.state) && name !== 'image-calibrators') error ??= result.error;
    }
    // Also of a run in which a stage has failed, for that is when people look.
    const page = await report({ products: out, facts: factsOf(input, stages, earlier) });
    if (error !== undefined) throw error;
    return { out, report: page, stages };
  },
);

/** The plan has seen to it that what a stage needs is there. */
function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('a stage has no input');
  return value;
}

/**
 * The archive that sources are imported from. A run that imports simulates one, unless it goes on from a folder that
 * has one; a run that does not import has one only for what the services say about it.
 */
async function prepareArchive(
  { inputs, simulation }: PipelineInput,
  out: string,
  stages: readonly StageName[],
): Promise<string> {
  const isThere = (folder: string): boolean => existsSync(join(folder, 'archive', 'archive.json'));
  if (inputs !== undefined && inputs !== out && isThere(inputs)) return join(inputs, 'archive');
  const archive = join(out, 'archive');
  const imports = stages.some((stage) => stage === 'import-calibrators' || stage === 'import-target');
  const asks = stages.some((stage) => stage === 'bandpass' || stage === 'time-gain');
  if (imports || (asks && !isThere(out))) await observe({ simulation, archive });
  return archive;
}

/** What the report tells of the run. */
function factsOf(
  input: PipelineInput,
  stages: readonly StageOutcome[],
  earlier: EarlierProducts,
): ReportFacts {
  const { simulation, imaging, services, failures } = input;
  const { channels, spectralWindows, fields, antennas, visits, seed } = simulation;
  const failing = failures.stages.length === 0 ? 'none' : `${failures.stages.join(', ')} at ${failures.rate}`;
  return {
    runId: run.id,
    mode: input.mode,
    madeAtMs: run.now(),
    parameters: [
      ['observation', `simulated, seed ${seed}`],
      ['targets × windows × channels', `${fields} × ${spectralWindows} × ${channels}`],
      ['antennas', `${antennas}, each target visited ${visits} times`],
      ['antenna positions', services.kind === 'simulated' ? `service ${services.positions}` : services.url],
      ['failures on purpose', failing],
      ['image', `${imaging.size} pixels of ${imaging.cellArcsec}″, Briggs ${imaging.robust}`],
      ['CLEAN', `at most ${imaging.cycles} major cycles, ${imaging.iterations} iterations`],
      [
        'self-calibration',
        imaging.selfCal
          ? `above ${imaging.selfCalSnr} times the noise, at most ${imaging.selfCalCycles} cycles`
          : 'not asked for',
      ],
      ['solve by window', `from a signal-to-noise of ${input.gainSnr}`],
    ],
    versions: [
      ['radps pipeline', VERSION],
      ['Node.js', process.version],
      ['platform', `${process.platform} ${process.arch}`],
    ],
    stages: STAGES.map((stage) => {
      const outcome = stages.find((one) => one.stage === stage);
      if (outcome === undefined)
        return { stage, state: earlier[stage] === undefined ? 'not run' : 'taken from earlier products' };
      const { state, message, seconds } = outcome;
      return {
        stage,
        state,
        ...(state === 'completed' || message === undefined ? {} : { reason: message }),
        ...(seconds === undefined ? {} : { seconds }),
      };
    }),
    truth: true,
  };
}

function outcomeOf(stage: StageName, result: Settled<StageProducts<StageName>>): StageOutcome {
  if (result.value === undefined) return { stage, state: result.state, message: result.error?.message ?? '' };
  const { took, qa } = result.value;
  const worst = representativeScore(qa);
  return {
    stage,
    state: result.state,
    ...(took === undefined ? {} : { seconds: (took.endedMs - took.startedMs) / 1000 }),
    ...(worst === undefined ? {} : { score: worst.score, message: worst.message }),
  };
}
