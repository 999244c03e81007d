import { hasSucceeded } from '@sidereal/core';
import { RESUME, type ReuseRules } from '@sidereal/engine';
import { openStoreReader, type RunDetail } from '@sidereal/store';
import type { Arguments } from '../command-line/arguments.ts';
import type { Execute } from '../command-line/command.ts';
import { usage } from '../command-line/usage-error.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { cliError } from '../errors/cli-error.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { foretellingDocument } from '../reading/foretelling-document.ts';
import { foretellingLines, foretellingSummary } from '../reading/foretelling-lines.ts';
import { readForetelling } from '../reading/foretelling.ts';
import { livenessText } from '../reading/provenance.ts';
import { taskAddress } from '../reading/task-address.ts';
import { executeRun } from '../running/execute-run.ts';
import { loadRecordedFlow } from '../running/load-flow.ts';
import { parseModuleAddress, type ModuleAddress } from '../running/module-address.ts';
import { runSettings, storeFolder } from '../running/run-settings.ts';

/** `sidereal resume RUN`: goes on with a run; recorded failures stay. */
export const resume: Execute = async (args, context) => {
  const recorded = recordedRun(args, context);
  const rules: ReuseRules = { ...RESUME, rerunChanged: args.has('rerun-changed') };
  if (args.has('dry-run')) return dryRun('resume', recorded, rules, args, context);
  if (hasSucceeded(recorded.state) && !rules.rerunChanged) {
    context.err.write(`${recorded.id} has ${recorded.state}: there is nothing to resume\n`);
    return EXIT.ok;
  }
  if (recorded.state === 'failed')
    context.err.write(`what failed stays failed; \`sidereal retry ${recorded.id}\` runs it again\n`);
  return goOn(recorded, rules, args, context);
};

/** `sidereal retry RUN`: runs again what failed, and what was asked for besides. */
export const retry: Execute = async (args, context) => {
  const recorded = recordedRun(args, context);
  const rules: ReuseRules = {
    retryFailed: true,
    from: args.texts('from'),
    tasks: tasksAmong(recorded.id, args, context),
    rerunChanged: args.has('rerun-changed'),
    all: args.has('all'),
  };
  assertStages(recorded.id, rules.from, args, context);
  if (args.has('dry-run')) return dryRun('retry', recorded, rules, args, context);
  return goOn(recorded, rules, args, context);
};

/** Says what would become of each node, from the record alone. */
function dryRun(
  verb: 'resume' | 'retry',
  { id }: RunDetail,
  rules: ReuseRules,
  args: Arguments,
  context: Context,
): ExitCode {
  if (rules.rerunChanged)
    throw usage(
      '--dry-run looks at the record, not at the code: it does not know what --rerun-changed would find',
      'Leave one of them out.',
    );
  using reader = openStoreReader(storeFolder(args, context));
  const foretelling = readForetelling(reader, id, rules);
  if (args.has('json')) writeJson(context, foretellingDocument(verb, foretelling));
  else writeLines(context, foretellingLines(foretelling, context));
  const run = reader.run(id);
  if (run.liveness.status === 'live') context.err.write(`as it is just now: ${livenessText(run)}\n`);
  if (!args.has('json')) context.err.write(`${foretellingSummary(foretelling)}\n`);
  return EXIT.ok;
}

/** Numbers of the nodes of `--task`. Throws NODE_NOT_FOUND, NODE_AMBIGUOUS. */
function tasksAmong(run: string, args: Arguments, context: Context): readonly number[] {
  const wanted = args.texts('task');
  if (wanted.length === 0) return [];
  using reader = openStoreReader(storeFolder(args, context));
  return wanted.map((task) => reader.node(run, taskAddress(task)).node.idx);
}

async function goOn(
  recorded: RunDetail,
  rules: ReuseRules,
  args: Arguments,
  context: Context,
): Promise<ExitCode> {
  const definition = await loadRecordedFlow(
    addressOf(recorded, args, context),
    recorded.header.entry,
    context.cwd,
  );
  const takeOver = args.has('take-over');
  return executeRun(
    { definition, input: undefined, resume: { runId: recorded.id, rules, takeOver } },
    runSettings(args, context),
    context,
  );
}

function recordedRun(args: Arguments, context: Context): RunDetail {
  using reader = openStoreReader(runSettings(args, context).store);
  return reader.run(findRun(reader, args.operand(0)));
}

/** Where the run's flow is: where it was, unless told otherwise. */
function addressOf({ id, header }: RunDetail, args: Arguments, context: Context): ModuleAddress {
  const told = args.text('module');
  if (told !== undefined) return parseModuleAddress(told, context.cwd);
  if (header.module === '') {
    throw cliError(
      'MODULE_NOT_FOUND',
      `the record of ${id} does not say which module its flow '${header.flow}' is in`,
      'Say it: --module MODULE:EXPORT.',
    );
  }
  return { ...parseModuleAddress(header.module, context.cwd), entry: undefined };
}

function assertStages(run: string, from: readonly string[], args: Arguments, context: Context): void {
  if (from.length === 0) return;
  using reader = openStoreReader(runSettings(args, context).store);
  const known = new Set(reader.names(run).map(({ name }) => name));
  const unknown = from.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw cliError(
    'USAGE',
    `the run has nothing that is called '${unknown}'`,
    `It has: ${[...known].slice(0, 20).join(', ')}.`,
  );
}
