/**
 * What `npm start` runs: the nine-stage pipeline on a simulated observation, or images of a real one, and says how
 * well it did. Progress goes to stderr, the summary to stdout. Options and exit codes: `npm start -- --help`.
 */
import { showProgress, startRun, threads, type RunDisplay, type RunHandle } from 'sidereal';
import { chooseRun, type ChosenRun } from './command/choose-run.ts';
import { errorText } from './command/error-text.ts';
import { EXIT, exitCodeOf, type ExitCode } from './command/exit-code.ts';
import { HELP } from './command/help.ts';
import { parseCommand } from './command/options.ts';

async function main(argv: readonly string[]): Promise<ExitCode> {
  const start = performance.now();
  let chosen: ChosenRun;
  try {
    const command = parseCommand(argv);
    if (command.kind === 'help') {
      process.stdout.write(HELP);
      return EXIT.ok;
    }
    chosen = await chooseRun(command);
  } catch (error) {
    process.stderr.write(errorText(error));
    return EXIT.usage;
  }
  const { definition } = chosen.flow;
  const flow = { ...definition, options: { ...definition.options, runner: threads(chosen.threads) } };
  const { resume } = chosen;
  /** Remarks may come before there is a display. */
  const screen: { display?: RunDisplay } = {};
  const handle = startRun(flow, chosen.input, {
    onRemark: (remark) => say(screen.display, `  note: ${remark}`),
    ...(resume === undefined ? {} : { resume }),
  });
  const display = await showProgress(handle);
  screen.display = display;
  listenForStop(handle, display);
  handle.id.then(
    (id) => display.say(`run ${id}`),
    () => undefined,
  );
  const outcome = await handle.outcome;
  display.close();
  if (outcome.error === undefined) {
    const seconds = (performance.now() - start) / 1000;
    process.stdout.write(`\n${chosen.summary(outcome.runId, seconds, outcome.value)}`);
  } else {
    process.stderr.write(errorText(outcome.error));
    if (outcome.runId !== '') process.stderr.write(advice(outcome.runId, outcome.state));
  }
  return exitCodeOf(outcome);
}

function say(display: RunDisplay | undefined, line: string): void {
  if (display === undefined) process.stderr.write(`${line}\n`);
  else display.say(line);
}

/** The first Ctrl-C (or SIGTERM) cancels the run, and that is recorded; the second ends the process at once. */
function listenForStop(handle: RunHandle, display: RunDisplay): void {
  display.hint('Ctrl-C cancels');
  const listen = (signal: 'SIGINT' | 'SIGTERM', code: ExitCode): void => {
    process.once(signal, () => {
      display.say('  cancelling; once more ends the process at once');
      handle.cancel(`stopped by ${signal}`);
      process.once(signal, () => process.exit(code));
    });
  };
  listen('SIGINT', EXIT.interrupted);
  listen('SIGTERM', EXIT.terminated);
}

function advice(runId: string, state: string | undefined): string {
  const next = state === 'failed' ? `npx sidereal retry ${runId}` : `npm start -- --resume ${runId}`;
  return `  run:     npx sidereal show ${runId}\n  go on:   ${next}\n`;
}

process.exitCode = await main(process.argv.slice(2));
