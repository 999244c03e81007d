import type { LiveRun, ProcessEvent, StopSignal } from './live-run.ts';

/** What befalls the process, in lines for stderr: where nothing else shows the run. */
function linesOf(event: ProcessEvent, { flow, id }: Pick<LiveRun, 'flow' | 'id'>): readonly string[] {
  const run = id === undefined ? `a run of flow '${flow}'` : `run ${id} of flow '${flow}'`;
  const next = id === undefined ? 'nothing was recorded yet' : `go on with: sidereal resume ${id}`;
  switch (event.type) {
    case 'cancelling':
      return [
        `cancelling ${run}: running work gets the signal; ${againOf(event.signal)} ends the process at once`,
        `  ${next}`,
      ];
    case 'ending':
      return [`ended at once: ${run} is interrupted`, `  ${next}`];
    case 'held':
      return [`${run}: ${event.message}`];
    case 'status':
      return [`${run}:`, ...event.lines.map((line) => `  ${line}`)];
    case 'exit': {
      const { at, message } = event.error;
      return [`${event.error.code}  ${message}${at === undefined ? '' : ` (${at})`}: ${run}; ${next}`];
    }
  }
}

/** How a signal is given again, in words. */
export function againOf(signal: StopSignal): string {
  return signal === 'SIGINT' ? 'Ctrl-C again' : `a second ${signal}`;
}

/** Tells people what has befallen the process, where nothing else shows the run. */
export function tellOnStderr(event: ProcessEvent, run: Pick<LiveRun, 'flow' | 'id'>): void {
  for (const line of linesOf(event, run)) sayOnStderr(line);
}

/** Tells people something, where nobody else does. That stderr cannot be written is no reason to end anything. */
export function sayOnStderr(message: string): void {
  try {
    process.stderr.write(`sidereal: ${message}\n`);
  } catch {
    // Whoever read it has gone.
  }
}
