import { openStoreReader } from '@sidereal/store';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines } from '../context.ts';
import { EXIT } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { readRunReport } from '../reading/run-report.ts';
import { runReportDocument } from '../reading/run-report-document.ts';
import { runReportLines } from '../reading/run-report-lines.ts';
import { taskAddress } from '../reading/task-address.ts';
import { taskReportDocument } from '../reading/task-report-document.ts';
import { taskReportLines } from '../reading/task-report-lines.ts';
import { storeFolder } from '../running/run-settings.ts';

/** `sidereal show RUN [TASK]`: a whole run, or the story of one task run. */
export const show: Execute = async (args, context) => {
  using reader = openStoreReader(storeFolder(args, context));
  const run = findRun(reader, args.operand(0));
  const task = args.operands[1];
  if (task === undefined) {
    const report = readRunReport(reader, run, args.has('all'));
    if (args.has('json')) writeJson(context, runReportDocument(report, context.now()));
    else writeLines(context, runReportLines(report, context));
  } else {
    // It decodes values, for which it needs the engine.
    const { readTaskReport } = await import('../reading/task-report.ts');
    const report = readTaskReport(reader, run, taskAddress(task));
    if (args.has('json')) writeJson(context, taskReportDocument(report));
    else writeLines(context, taskReportLines(report, context));
  }
  return EXIT.ok;
};
