import { resolve } from 'node:path';
import type { JournalStore } from '@sidereal/core';
import { startRun, type FlowDefinition, type ReuseRules, type RunOutcome } from '@sidereal/engine';
import { openSqliteStore } from '@sidereal/store';
import type { Context } from '../context.ts';
import type { ExitCode } from '../errors/exit-code.ts';
import { PrintedOutput } from '../progress/printed-output.ts';
import type { Ended } from './ended.ts';
import { chooseProgress } from './choose-progress.ts';
import { reportExit, reportOutcome } from './report-outcome.ts';
import { RunWatch } from './run-watch.ts';
import type { RunSettings } from './run-settings.ts';

/** What is to be executed. */
export interface Execution {
  readonly definition: FlowDefinition;
  readonly input: unknown;
  readonly resume?: { readonly runId: string; readonly rules: ReuseRules; readonly takeOver: boolean };
}

/** Executes a run in this process, shows how it goes, prints what came of it, and gives the exit code. */
export async function executeRun(
  execution: Execution,
  settings: RunSettings,
  context: Context,
): Promise<ExitCode> {
  const store = await openSqliteStore({ folder: settings.store });
  try {
    const ended = await watchRun(execution, store, settings, context);
    return reportOutcome(ended, settings, context);
  } finally {
    await store.close();
  }
}

async function watchRun(
  execution: Execution,
  store: JournalStore,
  settings: RunSettings,
  context: Context,
): Promise<Ended> {
  const { definition, input, resume } = execution;
  // With --json, stdout is for one document: what the flow prints goes to stderr.
  using printed = settings.json
    ? new PrintedOutput(process.stdout, (text) => process.stderr.write(text))
    : undefined;
  const progress = chooseProgress(settings, context);
  const handle = startRun(definition, input, {
    store,
    onRemark: (message) => progress.say(`${context.errStyle.paint('again', 'note')} ${message}`),
    ownsSignals: true,
    onProcess: (event) => watch.befell(event),
    ...(resume === undefined ? {} : { resume }),
  });
  const endedAs = (outcome: RunOutcome): Ended => {
    const stages = watch.stages();
    return {
      outcome,
      flow: definition.name,
      stages,
      durationMs: stages.find(({ parent }) => parent < 0)?.elapsedMs ?? 0,
      store: resolve(settings.store),
    };
  };
  const watch = new RunWatch(handle, progress, settings, context, (error, runId) => {
    printed?.[Symbol.dispose]();
    reportExit(endedAs({ runId, state: undefined, error }), settings, context);
  });
  return endedAs(await watch.untilEnded(resume !== undefined, definition.name));
}
