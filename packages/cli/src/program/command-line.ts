import { closest } from '@sidereal/core';
import { commandHelp, generalHelp } from '../command-line/help.ts';
import { parseArguments } from '../command-line/parse-arguments.ts';
import { didYouMean, usage } from '../command-line/usage-error.ts';
import { COMMANDS } from '../commands/commands.ts';
import type { Context } from '../context.ts';
import { EXIT, exitCodeOfError, type ExitCode } from '../errors/exit-code.ts';
import { errorView } from '../errors/error-view.ts';
import { errorLines } from '../errors/render-error.ts';
import { outputOf } from '../terminal/output.ts';
import { styleFor } from '../terminal/style.ts';
import { VERSION } from '../version.ts';

/** Time that whatever a user's module has left running gets to end by itself, ms. */
const LINGER_MS = 500;

/**
 * Runs `sidereal` with these arguments in this process: sets its exit code, and ends it soon after the command
 * has ended, even if a user's module has left a timer or a socket open.
 */
export async function commandLine(argv: readonly string[]): Promise<void> {
  const context = processContext(argv);
  process.exitCode = await execute(argv, context);
  await Promise.all([context.out.drained(), context.err.drained()]);
  const { failure } = context.out;
  if (failure !== undefined) {
    context.err.write(`what this command found could not be written to stdout: ${failure.message}\n`);
    if (process.exitCode === EXIT.ok) process.exitCode = EXIT.failed;
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

async function execute(argv: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    reportError(error, context);
    return exitCodeOfError(error);
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = COMMANDS.find((command) => command.name === rest[0]);
    const { columns } = context.out;
    context.out.write(
      topic === undefined
        ? generalHelp(COMMANDS, VERSION, context.outStyle, columns)
        : commandHelp(topic, context.outStyle, columns),
    );
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v' || name === 'version') {
    context.out.write(`${VERSION}\n`);
    return EXIT.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const near = closest(
      name,
      COMMANDS.map((known) => known.name),
    );
    throw usage(`there is no command '${name}'`, `${didYouMean(near)}See \`sidereal --help\`.`);
  }
  const args = parseArguments(command, rest);
  if (args.has('help')) {
    context.out.write(commandHelp(command, context.outStyle, context.out.columns));
    return EXIT.ok;
  }
  const run = await command.load();
  return run(args, { ...context, debug: context.debug || args.has('debug') });
}

/** Tells an error that has ended a command, on stderr. */
function reportError(error: unknown, context: Context): void {
  const { err, errStyle: style, cwd } = context;
  const code = exitCodeOfError(error);
  const debug = context.debug || code === EXIT.internal;
  const view = errorView(error);
  err.write(`${errorLines(view, { style, width: err.columns, cwd, debug }).join('\n')}\n`);
}

function processContext(argv: readonly string[]): Context {
  const { env } = process;
  const out = outputOf(process.stdout);
  const err = outputOf(process.stderr);
  return {
    out,
    err,
    outStyle: styleFor(out.isTerminal, env),
    errStyle: styleFor(err.isTerminal, env),
    env,
    cwd: process.cwd(),
    debug: argv.includes('--debug') || isOn(env['SIDEREAL_DEBUG']),
    now: () => Date.now(),
  };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0';
}
