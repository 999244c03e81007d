import { parseArgs } from 'node:util';
import { SETS, type SetName } from './series.ts';

export const HELP = `What a task costs in Sidereal and in other systems, against the floor that no scheduler can beat.

  npm run bench -- [OPTIONS]

  --quick                  one small round of Sidereal alone, within five minutes
  --full                   every published size, as far as the budget allows
  --peers [NAMES]          also the peers that are installed; NAMES (a,b/variant,…): only these, which must be
  --install-peers [NAMES]  make the environments of the peers (all, or these) and end
  --only TEXT              only what has this in its name, such as "noop-map", "n 4000", "sidereal/inline"; may be
                           repeated
  --n 1000,4000            these sizes for the trees instead of those of the set
  --budget SECONDS         for one case; what would take longer is not run, what does is ended   [300; quick 60; full 900]
  --memory GIB             for one case; what takes more is ended                     [three quarters of the machine]
  --times N                repetitions                                                               [3; quick 1]
  --out FOLDER             where it is recorded and reported                                    [.sidereal-bench]
  --resume                 go on with the suite in that folder, whatever else is asked; if it is over, report it again
  --docs                   also write the tables and plots into docs/
  --help

The same command again goes on where an interrupted suite stopped. The table goes to stdout, talk to stderr.
Exit codes: 0 all measured; 1 a case failed, gave a wrong result or took one from a cache; 2 usage, or a peer
that was named is not installed; 3 stopped with Ctrl-C.
`;

export const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 3 } as const;

/** `undefined`: not asked for; `all`, or these. */
export type Choice = 'all' | readonly string[] | undefined;

export interface SuiteOptions {
  readonly set: SetName;
  readonly peers: Choice;
  readonly installPeers: Choice;
  readonly only: readonly string[] | undefined;
  readonly n: readonly number[] | undefined;
  readonly budgetSeconds: number;
  readonly memoryGibibytes: number | undefined;
  readonly times: number;
  readonly out: string;
  readonly resume: boolean;
  readonly docs: boolean;
  readonly help: boolean;
}

const BUDGET_SECONDS: Readonly<Record<SetName, number>> = { quick: 60, standard: 300, full: 900 };

/** Reads the command line. Throws what is wrong with it. */
export function parseOptions(argv: readonly string[]): SuiteOptions {
  const { values } = parseArgs({
    args: valued(argv, ['--peers', '--install-peers']),
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      peers: { type: 'string' },
      'install-peers': { type: 'string' },
      only: { type: 'string', multiple: true },
      n: { type: 'string' },
      budget: { type: 'string' },
      memory: { type: 'string' },
      times: { type: 'string' },
      out: { type: 'string', default: '.sidereal-bench' },
      resume: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.quick && values.full) throw new Error('--quick and --full exclude each other');
  const set = SETS.find((name) => name === (values.quick ? 'quick' : values.full ? 'full' : 'standard'));
  if (set === undefined) throw new Error('no set of rows');
  return {
    set,
    peers: choice(values.peers),
    installPeers: choice(values['install-peers']),
    only: values.only,
    n: values.n?.split(',').map((text) => wholeNumber('--n', text)),
    budgetSeconds: values.budget === undefined ? BUDGET_SECONDS[set] : positive('--budget', values.budget),
    memoryGibibytes: values.memory === undefined ? undefined : positive('--memory', values.memory),
    times: wholeNumber('--times', values.times ?? (set === 'quick' ? '1' : '3')),
    out: values.out,
    resume: values.resume,
    docs: values.docs,
    help: values.help,
  };
}

/** Gives options whose value may be left out the value `all`. */
function valued(argv: readonly string[], names: readonly string[]): string[] {
  return argv.flatMap((argument, index) => {
    const next = argv[index + 1];
    const isBare = names.includes(argument) && (next === undefined || next.startsWith('-'));
    return isBare ? [`${argument}=all`] : [argument];
  });
}

function choice(text: string | undefined): Choice {
  return text === undefined || text === 'all' ? text : text.split(',').filter((name) => name !== '');
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new Error(`${option} takes a number above 0, not ${text}`);
  return value;
}

function wholeNumber(option: string, text: string): number {
  const value = positive(option, text);
  if (!Number.isInteger(value)) throw new Error(`${option} takes whole numbers, not ${text}`);
  return value;
}
