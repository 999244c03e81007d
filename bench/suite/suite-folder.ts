/**
 * The folder of a suite:
 *
 *     suite.json     what it measures, and the run of its flow
 *     store/         the store in which that run is recorded
 *     running.json   the process that is being measured, to be ended if the suite was killed
 *     results.csv, table.md, report.html
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readStat } from '../accounting/proc.ts';
import type { SuiteInput } from './suite-flow.ts';

const suiteFile = z.object({
  runId: z.string(),
  isOver: z.boolean(),
  /** What was asked for, as text: equal text, equal suite. */
  asked: z.string(),
  /** When it began, ISO 8601. */
  began: z.string(),
});
export type SuiteFile = z.infer<typeof suiteFile>;

const runningFile = z.object({ pid: z.int(), startedAt: z.number() });

export interface SuiteFolder {
  readonly path: string;
  /** Of its store. */
  readonly store: string;
  /** What is there from before. */
  readonly read: () => SuiteFile | undefined;
  readonly write: (suite: SuiteFile) => void;
  /** Remembers the process that is being measured. */
  readonly noteProcess: (pid: number) => void;
  /** Ends the process that a killed suite left running, if it still is. Says whether there was one. */
  readonly endLeftover: () => boolean;
}

/** Opens (and makes) the folder. */
export function openSuiteFolder(path: string): SuiteFolder {
  const store = join(path, 'store');
  const suite = join(path, 'suite.json');
  const running = join(path, 'running.json');
  mkdirSync(path, { recursive: true });
  const writeWhole = (file: string, content: unknown): void => {
    writeFileSync(`${file}.new`, JSON.stringify(content));
    renameSync(`${file}.new`, file);
  };
  return {
    path,
    store,
    read: () => (existsSync(suite) ? suiteFile.parse(JSON.parse(readFileSync(suite, 'utf8'))) : undefined),
    write: (file) => writeWhole(suite, file),
    noteProcess: (pid) => writeWhole(running, { pid, startedAt: startOf(pid) ?? 0 }),
    endLeftover: () => {
      if (!existsSync(running)) return false;
      const { pid, startedAt } = runningFile.parse(JSON.parse(readFileSync(running, 'utf8')));
      rmSync(running);
      if (startOf(pid) !== startedAt) return false;
      process.kill(-pid, 'SIGKILL');
      return true;
    },
  };
}

/** When a process was started; undefined if there is none, or nobody can know. */
function startOf(pid: number): number | undefined {
  return process.platform === 'linux' ? readStat(pid)?.startedAt : undefined;
}

/** What a suite is asked to measure, as text to compare. */
export function askedText(input: SuiteInput): string {
  return JSON.stringify(input);
}
