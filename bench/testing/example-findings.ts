import { findingsOf, type Findings } from '../report/findings.ts';
import { countedTaskRuns } from '../suite/counted-task-runs.ts';
import type { Measurement, Planned, Result } from '../suite/measurement.ts';
import { plan } from '../suite/plan.ts';
import { series } from '../suite/series.ts';
import { BARE, readSystem, SIDEREAL, type System } from '../suite/system.ts';

/** Seconds that a made-up system needs for each task, besides the sleeps. */
const COST: Readonly<Record<string, number>> = { bare: 1e-6, sidereal: 6e-5, swift: 1e-3, slow: 4e-2 };

function madeUp(name: string, title: string): System {
  const variants = [
    { name: 'threads', about: 'a pool of threads' },
    { name: 'cluster', about: 'a cluster on this machine' },
  ];
  const about = 'made up, to see how the reports look';
  const command = ['/bin/false'] as const;
  return { name, title, about, variants, services: ['postgres'], records: true, folder: '/none', command };
}

/** Findings of a standard suite that nobody measured: two peers, three repetitions, every kind of result. */
export function exampleFindings(): Findings {
  const systems = [
    readSystem(BARE),
    readSystem(SIDEREAL),
    madeUp('swift', 'Swift'),
    madeUp('slow', 'Slow & steady'),
  ];
  const planned = plan(series, systems, { set: 'standard', times: 3, seed: 1 });
  const measurements = planned.map((one): Measurement => ({
    ...one,
    result: made(one),
    date: '2026-11-21T10:00:00.000Z',
  }));
  const machine = '2 × Example Processor, 24 GiB, linux 6.1';
  const began = '2026-11-21T10:00:00.000Z';
  return findingsOf({
    runId: '0123abcd',
    machine,
    memory: '24 GiB',
    began,
    isOver: true,
    measurements,
    systems,
  });
}

function made({ system, asked, repetition }: Planned): Result {
  if (system === 'sidereal' && asked.processes > 1)
    return { kind: 'cannot', words: 'there is no runner for processes' };
  if (system === 'slow' && asked.n > 10_000)
    return { kind: 'over budget', words: 'n = 4,000 took 160 s, so this would take 640 s' };
  if (system === 'slow' && asked.row === 'chain')
    return { kind: 'failed', words: 'exit code 1: no database, "none" at all' };
  const tasks = countedTaskRuns(asked);
  const cost = (COST[system] ?? 0) * (asked.variant === 'cluster' ? 2.5 : 1) * (1 + 0.07 * repetition);
  const tSumTaskTimes = (asked.n * (asked.minSeconds + asked.maxSeconds)) / 2;
  const tWorkflow = (tSumTaskTimes / 16) * 1.004 + tasks * cost;
  const isTree = asked.row === 'tree';
  return {
    kind: 'measured',
    usage: {
      cpuSeconds: tasks * cost * 1.7,
      peakBytes: (120 + 40 * repetition + asked.mebibytes * 60) * 2 ** 20,
    },
    outcome: {
      tWorkflow,
      tSubmit: tasks * cost * 0.4,
      tasksExecuted: tasks,
      tasksCached: 0,
      ...(isTree ? { tSumTaskTimes, check: asked.n } : {}),
      ...(asked.row === 'pending' ? { rssBytesPerTask: 950 } : {}),
      ...(system === 'bare'
        ? {}
        : { recordedAtEnd: system === 'slow' ? tasks >> 1 : tasks, recordedExpected: tasks }),
      ...(system === 'bare' ? {} : { secondsUntilRecorded: system === 'slow' ? 3.2 : 0, bytesPerTask: 110 }),
      versions: { [system]: '1.2.3' },
      settings: { threads: asked.threads, database: 'PostgreSQL 15' },
    },
  };
}
