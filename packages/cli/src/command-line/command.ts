import type { Context } from '../context.ts';
import type { ExitCode } from '../errors/exit-code.ts';
import type { Arguments } from './arguments.ts';

/** An option of a command, `--name` or `--name VALUE`. */
export interface OptionSpec {
  /** What stands for its value in help texts; absent: it takes none. */
  readonly value?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  readonly help: string;
}

/** A verb of `sidereal`: what it takes, what its help says, and where its code is. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as the usage line shows them, `RUN [TASK]`. */
  readonly operands: string;
  /** Fewest and most positional arguments. */
  readonly arity: readonly [least: number, most: number];
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly notes?: readonly string[];
  readonly examples: readonly string[];
  /** Loads its code only when it is used. */
  readonly load: () => Promise<Execute>;
}

/** Carries a command out; gives what the process ends with. */
export type Execute = (args: Arguments, context: Context) => Promise<ExitCode> | ExitCode;

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  help: { help: 'show this help' },
  debug: { help: 'show whole stacks of errors (also SIDEREAL_DEBUG=1)' },
};

export const STORE_OPTION: Readonly<Record<string, OptionSpec>> = {
  store: {
    value: 'DIR',
    help: 'folder of the store; default: SIDEREAL_STORE, or .sidereal in the working directory',
  },
};

export const JSON_OPTION: Readonly<Record<string, OptionSpec>> = {
  json: { help: 'one JSON document on stdout, of a documented shape' },
};
