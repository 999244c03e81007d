import { JSON_OPTION, STORE_OPTION, type Command } from '../command-line/command.ts';

const RUN_OPTIONS = {
  ...STORE_OPTION,
  ...JSON_OPTION,
  'no-progress': { help: 'show no progress' },
  logs: {
    value: 'LEVEL',
    help: 'show log entries of this level and above as they come: debug, info (default), warn, error, none',
  },
} as const;

const RESUME_OPTIONS = {
  'dry-run': { help: 'say what would become of each node, and why; execute, write and lease nothing' },
  'take-over': {
    help: 'take the run from a process that still seems to execute it; that process is fenced off',
  },
  'rerun-changed': { help: 'run again tasks whose code has changed since, and what consumes them' },
  module: {
    value: 'MODULE[:EXPORT]',
    help: 'import the flow from here instead of from where it was when the run was started',
  },
} as const;

const DRY_RUN_NOTE =
  'With --dry-run the exit code is 0 whatever is foretold. It is exact for code that has not changed and whose tasks, run again, return equal values.';

/** Every verb of `sidereal`, in the order in which help lists them. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    summary: 'start a run of the flow that a module exports',
    operands: 'MODULE[:EXPORT] [key=value …]',
    arity: [1, Infinity],
    options: {
      input: { value: 'JSON', help: 'the input of the flow, as JSON' },
      'input-file': { value: 'FILE', help: 'the input of the flow, as a JSON file; - reads stdin' },
      ...RUN_OPTIONS,
    },
    notes: [
      'EXPORT is the name of an export, or of a flow; needed only if the module exports several flows.',
      'key=value sets a field of the input: the value is read as JSON if it is JSON (64, true, [1,2]), else as text; text that looks like JSON needs quotes: who=\'"64"\'. Fields given so override those of --input.',
      'The result goes to stdout, everything else to stderr. Ctrl-C cancels the run, a second one ends the process at once; with --json, what the flow itself prints goes to stderr too.',
    ],
    examples: [
      'sidereal run pipeline.ts',
      'sidereal run pipeline.ts:imageCube target=J1851+0035 channels=64',
      'sidereal run pipeline.ts --input \'{"channels": 64}\' --json > result.json',
    ],
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'runs',
    summary: 'list runs, newest first',
    operands: '',
    arity: [0, 0],
    options: {
      state: { value: 'STATE', multiple: true, help: 'only runs in these states; also `interrupted`' },
      flow: { value: 'NAME', help: 'only runs of this flow' },
      limit: { value: 'N', help: 'how many at most; default 20' },
      ...STORE_OPTION,
      ...JSON_OPTION,
    },
    examples: ['sidereal runs', 'sidereal runs --state failed,interrupted --json'],
    load: async () => (await import('./runs.ts')).runs,
  },
  {
    name: 'show',
    summary: 'show a run, or the story of one task run',
    operands: 'RUN [TASK]',
    arity: [1, 2],
    options: {
      all: { help: 'show every stage, group, cycle, score and artifact, also where there are very many' },
      ...STORE_OPTION,
      ...JSON_OPTION,
    },
    notes: ['TASK is the number of a task run (see `sidereal tasks`) or the beginning of its key.'],
    examples: ['sidereal show latest', 'sidereal show k3f9x2 17'],
    load: async () => (await import('./show.ts')).show,
  },
  {
    name: 'tasks',
    summary: 'list the task runs of a run',
    operands: 'RUN',
    arity: [1, 1],
    options: {
      state: { value: 'STATE', multiple: true, help: 'only task runs in these states' },
      name: { value: 'NAME', help: 'only task runs of this name' },
      tag: { value: 'TAG', help: 'only task runs with this tag' },
      stage: { value: 'STAGE', help: 'only task runs of these stages, by name or number' },
      limit: { value: 'N', help: 'how many at most; default 50' },
      after: { value: 'N', help: 'only task runs with a higher number: the next page' },
      ...STORE_OPTION,
      ...JSON_OPTION,
    },
    examples: [
      'sidereal tasks latest --state failed',
      'sidereal tasks latest --name grid-channel --limit 1000 --json',
    ],
    load: async () => (await import('./tasks.ts')).tasks,
  },
  {
    name: 'logs',
    summary: 'show what a run has logged',
    operands: 'RUN',
    arity: [1, 1],
    options: {
      level: { value: 'LEVEL', help: 'only this level and above: debug, info (default), warn, error' },
      task: {
        value: 'TASK',
        help: 'only of this task run (number or beginning of its key), or of all of this name',
      },
      follow: { help: 'go on with what comes, until the run ends' },
      limit: { value: 'N', help: 'only the last N entries' },
      ...STORE_OPTION,
      json: { help: 'one JSON document a line' },
    },
    examples: ['sidereal logs latest', 'sidereal logs latest --level warn --follow'],
    load: async () => (await import('./logs.ts')).logs,
  },
  {
    name: 'resume',
    summary: 'go on with a run that was interrupted, cancelled or given up; what is recorded is not repeated',
    operands: 'RUN',
    arity: [1, 1],
    options: { ...RESUME_OPTIONS, ...RUN_OPTIONS },
    notes: ['Failures that are recorded stay failures: `sidereal retry` runs them again.', DRY_RUN_NOTE],
    examples: [
      'sidereal resume latest',
      'sidereal resume latest --dry-run',
      'sidereal resume k3f9x2 --take-over',
    ],
    load: async () => (await import('./resume.ts')).resume,
  },
  {
    name: 'retry',
    summary: 'run again what failed in a run, and all that needs it',
    operands: 'RUN',
    arity: [1, 1],
    options: {
      failed: { help: 'run again what failed, crashed, was cancelled or lacked its upstream (the default)' },
      from: {
        value: 'STAGE',
        multiple: true,
        help: 'run again this stage as well, and everything that consumes what it gives',
      },
      task: {
        value: 'TASK',
        multiple: true,
        help: 'run again this task run, stage, map or group as well, and everything that consumes what it gives',
      },
      all: { help: 'run everything again' },
      ...RESUME_OPTIONS,
      ...RUN_OPTIONS,
    },
    notes: ['TASK is the number of a node (see `sidereal tasks`) or the beginning of its key.', DRY_RUN_NOTE],
    examples: [
      'sidereal retry latest',
      'sidereal retry latest --from calibrate --dry-run',
      'sidereal retry latest --task 17',
    ],
    load: async () => (await import('./resume.ts')).retry,
  },
  {
    name: 'cancel',
    summary: 'ask a run to stop, or one part of it, whichever process executes it',
    operands: 'RUN [TASK]',
    arity: [1, 2],
    options: {
      'no-wait': { help: 'do not wait until it has stopped' },
      timeout: { value: 'SECONDS', help: 'how long to wait; default 15' },
      ...STORE_OPTION,
      ...JSON_OPTION,
    },
    notes: [
      'Waiting work ends, running work gets the signal; what has not stopped after five seconds is abandoned. Exit code 0: it has stopped, or the run had stopped before; 1: it has not stopped yet.',
      'TASK is the number of a task run, stage or map (see `sidereal tasks`), or the beginning of its key: it stops with all beneath it, and the rest of the flow goes on as after a failure.',
    ],
    examples: ['sidereal cancel latest', 'sidereal cancel latest 17'],
    load: async () => (await import('./cancel.ts')).cancel,
  },
  {
    name: 'doctor',
    summary: 'check the store, its runs and result files, and this machine',
    operands: '',
    arity: [0, 0],
    options: {
      quick: { help: 'leave out what reads every record and every result file' },
      ...STORE_OPTION,
      ...JSON_OPTION,
    },
    notes: ['It changes nothing. Exit code 6: something is wrong that has to be mended.'],
    examples: ['sidereal doctor', 'sidereal doctor --store /scratch/runs --quick'],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'explain',
    summary: 'say what an error code means, why it comes, and what to do',
    operands: '[CODE]',
    arity: [0, 1],
    options: { ...JSON_OPTION },
    notes: ['Without a code it lists all of them.'],
    examples: ['sidereal explain MAP_FAILED', 'sidereal explain'],
    load: async () => (await import('./explain.ts')).explain,
  },
];
