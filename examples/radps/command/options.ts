import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MODES } from '../pipeline/plan.ts';
import type { Mode } from '../pipeline/plan.ts';
import { isStageName, STAGES } from '../pipeline/products/stage-name.ts';
import type { StageName } from '../pipeline/products/stage-name.ts';
import { SERVICE_MOODS } from '../pipeline/services/observatory.ts';
import type { Services } from '../pipeline/services/observatory.ts';
import { usage, choice, fraction, whole, number } from './option-values.ts';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'resume'; readonly runId: string; readonly threads: number }
  | PipelineCommand
  | ObservationCommand;

/** The nine stages, on a simulated observation or on what an earlier run left. */
export interface PipelineCommand {
  readonly kind: 'pipeline';
  readonly mode: Mode;
  readonly threads: number;
  readonly out: string | undefined;
  /** Run id or products folder. */
  readonly inputs: string | undefined;
  readonly only: readonly StageName[] | undefined;
  readonly from: StageName | undefined;
  readonly until: StageName | undefined;
  readonly skip: readonly StageName[] | undefined;
  readonly seed: number;
  readonly channels: number;
  readonly spws: number;
  readonly fields: number;
  readonly antennas: number;
  readonly visits: number;
  readonly line: boolean;
  readonly services: Services;
  readonly failing: readonly StageName[];
  readonly failureRate: number;
  readonly failSpw: number | undefined;
  readonly onSpwFailure: 'abort' | 'continue';
  readonly size: number;
  readonly cellArcsec: number;
  readonly robust: number;
  readonly gainSnr: number;
  readonly selfCalSnr: number;
  readonly selfCalCycles: number;
}

/** One observation, real ones by their files, imaged directly or by hybrid mapping. */
export interface ObservationCommand {
  readonly kind: 'observation';
  /** By the array, if it is not said. */
  readonly mode: 'image' | 'hybrid' | undefined;
  readonly threads: number;
  readonly out: string | undefined;
  /** None: one is simulated. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly channels: number;
  readonly antennas: number;
  /** By the kind of imaging, if it is not said. */
  readonly size: number | undefined;
}

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const OPTIONS = {
  mode: text,
  only: many,
  from: text,
  until: text,
  skip: many,
  inputs: text,
  out: text,
  threads: { ...text, default: String(availableParallelism()) },
  resume: text,
  uvfits: many,
  seed: text,
  channels: text,
  spws: text,
  fields: text,
  antennas: text,
  visits: text,
  'no-line': { type: 'boolean', default: false },
  positions: text,
  services: text,
  failures: text,
  'failure-rate': text,
  'fail-spw': text,
  'on-spw-failure': text,
  size: text,
  cell: text,
  robust: text,
  'gain-snr': text,
  'selfcal-snr': text,
  'selfcal-cycles': text,
  help: { type: 'boolean', short: 'h', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

/** Options that the modes for single observations have: their own, and those that every mode has. */
const OF_OBSERVATION = new Set('uvfits seed channels antennas size mode out threads help'.split(' '));

/** Reads the command line. Throws `USAGE`, naming the option and its value. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parsed(argv);
  if (values.help) return { kind: 'help' };
  const given = Object.keys(OPTIONS).filter((name) =>
    argv.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`)),
  );
  const threads = whole('threads', values.threads, 1, 1024);
  if (values.resume !== undefined) {
    refuseOthers(given, new Set(['resume', 'threads']), '--resume goes on with what was asked for then');
    return { kind: 'resume', runId: values.resume, threads };
  }
  if (values.uvfits === undefined && positionals[0] !== undefined)
    throw usage(`${positionals[0]} is not an option; files are given by --uvfits ${positionals[0]}`);
  const files = [...(values.uvfits ?? []), ...positionals];
  const mode =
    values.mode === undefined ? undefined : choice('mode', values.mode, [...MODES, 'image', 'hybrid']);
  if (files.length > 0 || mode === 'image' || mode === 'hybrid') {
    if (mode !== undefined && mode !== 'image' && mode !== 'hybrid')
      throw usage(
        `--mode ${mode} runs on a simulated observation; of files --mode image and hybrid make images`,
      );
    if (mode === 'hybrid' && files.length === 0)
      throw usage('--mode hybrid needs an observation: --uvfits FILE …');
    refuseOthers(given, OF_OBSERVATION, 'images of one observation are made');
    return observationCommand(values, files, mode, threads);
  }
  return pipelineCommand(values, mode ?? 'all', threads);
}

function observationCommand(
  values: Values,
  files: readonly string[],
  mode: 'image' | 'hybrid' | undefined,
  threads: number,
): ObservationCommand {
  const antennas = antennasOf(values.antennas ?? '27');
  return {
    kind: 'observation',
    mode,
    threads,
    out: values.out,
    files,
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 31 - 1),
    channels: whole('channels', values.channels ?? '16', 1, 100_000),
    antennas,
    size: values.size === undefined ? undefined : sizeOf(values.size),
  };
}

function pipelineCommand(values: Values, mode: Mode, threads: number): PipelineCommand {
  const channels = whole('channels', values.channels ?? '32', 4, 100_000);
  const spws = whole('spws', values.spws ?? '2', 1, 1000);
  const fields = whole('fields', values.fields ?? '1', 1, 1000);
  // Many small tasks are the point of many channels: what each of them works on is small then.
  const isLarge = channels * spws * fields > 2000;
  const failing = values.failures === undefined ? [] : stages('failures', [values.failures]);
  return {
    kind: 'pipeline',
    mode,
    threads,
    out: values.out,
    inputs: values.inputs,
    only: values.only === undefined ? undefined : stages('only', values.only),
    from: values.from === undefined ? undefined : stage('from', values.from),
    until: values.until === undefined ? undefined : stage('until', values.until),
    skip: values.skip === undefined ? undefined : stages('skip', values.skip),
    seed: whole('seed', values.seed ?? '1', 0, 2 ** 31 - 1),
    channels,
    spws,
    fields,
    antennas: antennasOf(values.antennas ?? (isLarge ? '9' : '18')),
    visits: whole('visits', values.visits ?? (isLarge ? '2' : '5'), 1, 1000),
    line: !values['no-line'],
    services: servicesOf(values),
    failing,
    failureRate: fraction('failure-rate', values['failure-rate'] ?? (failing.length > 0 ? '0.2' : '0')),
    failSpw:
      values['fail-spw'] === undefined ? undefined : whole('fail-spw', values['fail-spw'], 0, spws - 1),
    onSpwFailure: choice('on-spw-failure', values['on-spw-failure'] ?? 'abort', ['abort', 'continue']),
    size: sizeOf(values.size ?? (isLarge ? '64' : '128')),
    cellArcsec: number('cell', values.cell ?? (isLarge ? '8' : '4'), 0.001, 3600),
    robust: number('robust', values.robust ?? '0.5', -2, 2),
    gainSnr: number('gain-snr', values['gain-snr'] ?? '10', 0.1, 1e9),
    selfCalSnr: number('selfcal-snr', values['selfcal-snr'] ?? '20', 0, 1e9),
    selfCalCycles: whole('selfcal-cycles', values['selfcal-cycles'] ?? '3', 1, 100),
  };
}

function servicesOf({ services, positions }: Values): Services {
  if (services === undefined)
    return { kind: 'simulated', positions: choice('positions', positions ?? 'ok', SERVICE_MOODS) };
  if (positions !== undefined) throw usage('--positions is for simulated services, --services for real ones');
  if (!URL.canParse(services)) throw usage(`--services ${services} is not a URL`);
  return { kind: 'url', url: services };
}

function antennasOf(value: string): number {
  const antennas = whole('antennas', value, 6, 600);
  if (antennas % 3 !== 0) throw usage(`--antennas ${antennas} is not a multiple of three`);
  return antennas;
}

function sizeOf(value: string): number {
  const size = whole('size', value, 16, 8192);
  if ((size & (size - 1)) !== 0) throw usage(`--size ${size} is not a power of two`);
  return size;
}

function stages(option: string, values: readonly string[]): StageName[] {
  return values
    .flatMap((value) => value.split(','))
    .flatMap((value) => (value === 'all' ? STAGES : [stage(option, value)]));
}

function stage(option: string, value: string): StageName {
  if (isStageName(value)) return value;
  throw usage(`--${option} ${value} is not a stage; stages are ${STAGES.join(', ')}`);
}

function refuseOthers(given: readonly string[], allowed: ReadonlySet<string>, why: string): void {
  const others = given.filter((name) => !allowed.has(name)).map((name) => `--${name}`);
  if (others.length > 0) throw usage(`${why}, so ${others.join(', ')} cannot be given`);
}

function parsed(argv: readonly string[]): { values: Values; positionals: string[] } {
  try {
    // `--failures` on its own means all stages.
    const args = argv.map((arg) => (arg === '--failures' ? '--failures=all' : arg));
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error), error);
  }
}
