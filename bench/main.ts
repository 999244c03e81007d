/**
 * `npm run bench`: what a task costs in Sidereal and in other systems, against the floor that no scheduler can
 * beat. `npm run bench -- --help` lists the options and exit codes; `docs/benchmarks.md` says what is measured.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { findingsOf } from './report/findings.ts';
import { writeDocs } from './report/write-docs.ts';
import { writeReport } from './report/write-report.ts';
import { executeSuite } from './suite/execute-suite.ts';
import { choosePeers, installPeer, missingOf } from './suite/install-peers.ts';
import { machineText, memoryText } from './suite/machine.ts';
import { EXIT, HELP, parseOptions, type SuiteOptions } from './suite/options.ts';
import { plan } from './suite/plan.ts';
import { series } from './suite/series.ts';
import type { SuiteInput } from './suite/suite-flow.ts';
import { openSuiteFolder } from './suite/suite-folder.ts';
import { BARE, knownPeers, readSystem, SIDEREAL, type System } from './suite/system.ts';

const SEED = 1;

async function main(argv: readonly string[]): Promise<number> {
  let options: SuiteOptions;
  let systems: readonly System[];
  try {
    options = parseOptions(argv);
    if (options.help) {
      process.stdout.write(HELP);
      return EXIT.ok;
    }
    if (options.installPeers !== undefined)
      return choosePeers(options.installPeers).every(installPeer) ? EXIT.ok : EXIT.failed;
    systems = [readSystem(BARE), readSystem(SIDEREAL), ...installedPeers(options)];
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return EXIT.usage;
  }
  return measureAll(options, systems);
}

/** The peers that are asked for and there. Throws if one that was named is not. */
function installedPeers({ peers }: SuiteOptions): readonly System[] {
  return choosePeers(peers).filter((peer) => {
    const missing = missingOf(peer);
    if (missing === undefined) return true;
    if (peers !== 'all') throw new Error(`${peer.name} is not installed: ${missing}`);
    say(`${peer.title} is left out: ${missing}`);
    return false;
  });
}

async function measureAll(options: SuiteOptions, systems: readonly System[]): Promise<number> {
  const memoryBytes = Math.round((options.memoryGibibytes ?? (0.75 * totalmem()) / 2 ** 30) * 2 ** 30);
  const input: SuiteInput = {
    planned: plan(series, systems, { ...options, seed: SEED }),
    limits: { budgetSeconds: options.budgetSeconds, memoryBytes },
  };
  const folder = openSuiteFolder(options.out);
  const suite = await executeSuite({ folder, input, resume: options.resume, stderr: process.stderr });
  const { runId, began, measurements, isOver, error } = suite;
  const findings = findingsOf({
    runId,
    began,
    isOver,
    measurements,
    machine: machineText(),
    memory: memoryText(),
    systems: [readSystem(BARE), readSystem(SIDEREAL), ...knownPeers()],
  });
  process.stdout.write(writeReport(folder.path, findings));
  say(`${join(folder.path, 'report.html')} and results.csv`);
  if (options.docs) writeDocs(findings);
  if (!isOver) {
    say(error?.message ?? 'the suite was stopped');
    return EXIT.stopped;
  }
  const failed = measurements.filter(({ result }) => result.kind === 'failed');
  if (failed.length > 0) say(`${failed.length} measurements failed`);
  return failed.length > 0 ? EXIT.failed : EXIT.ok;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
