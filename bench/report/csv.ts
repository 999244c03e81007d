import { overheadPercent, slotIdlePerLeaf } from '../formulas/overhead.ts';
import type { Findings } from './findings.ts';
import { timingOf } from './timing.ts';

type Cell = string | number | undefined;

/** Columns as in the results that the RADPS tests publish, then our own. */
export function csvRows({ runId, machine, memory, measurements, floorOf, titleOf }: Findings): string {
  const rows = measurements.map((measurement) => {
    const { asked, result, series, repetition, system, date } = measurement;
    const slots = asked.processes * asked.threads;
    const measured = result.kind === 'measured' ? result.outcome : undefined;
    const usage = result.kind === 'measured' ? result.usage : undefined;
    const timing = timingOf(measurement);
    const overhead = timing === undefined ? undefined : overheadPercent(timing);
    const floor = floorOf(measurement);
    const row: Readonly<Record<string, Cell>> = {
      run_id: runId,
      framework: titleOf(system),
      date,
      developer: 'sidereal',
      system: machine,
      n_tasks: asked.n,
      t_min_sleep: asked.minSeconds,
      t_max_sleep: asked.maxSeconds,
      t_workflow: measured?.tWorkflow,
      t_sum_task_times: measured?.tSumTaskTimes,
      t_sum_task_times_per_unit: timing === undefined ? undefined : timing.tSumTaskTimes / slots,
      overhead_percentage: overhead,
      overhead_per_task_seconds: timing === undefined ? undefined : slotIdlePerLeaf(timing),
      'threads/process': asked.threads,
      processes: asked.processes,
      parallelism: slots,
      runner: asked.variant,
      database: textOf(measured?.settings['store'] ?? measured?.settings['database']),
      type: asked.row,
      memory,
      return_size_mb: asked.mebibytes,
      series,
      repetition,
      result: result.kind,
      words: result.kind === 'measured' ? '' : result.words,
      floor_percentage: floor?.median,
      floor_lowest: floor?.lowest,
      floor_highest: floor?.highest,
      excess_percentage: overhead === undefined || floor === undefined ? undefined : overhead - floor.median,
      t_submit: measured?.tSubmit,
      peak_memory_mib: usage === undefined ? undefined : usage.peakBytes / 2 ** 20,
      cpu_seconds: usage?.cpuSeconds,
      tasks_executed: measured?.tasksExecuted,
      tasks_cached: measured?.tasksCached,
      recorded_at_end: measured?.recordedAtEnd,
      recorded_expected: measured?.recordedExpected,
      seconds_until_recorded: measured?.secondsUntilRecorded,
      bytes_per_task: measured?.bytesPerTask,
      rss_bytes_per_task: measured?.rssBytesPerTask,
      versions: pairsText(measured?.versions),
      settings: pairsText(measured?.settings),
    };
    return row;
  });
  const header = Object.keys(rows[0] ?? { run_id: '' });
  return `${[header, ...rows.map((row) => Object.values(row))].map((cells) => cells.map(quote).join(',')).join('\n')}\n`;
}

/** `name = value; …` */
export function pairsText(pairs: Readonly<Record<string, string | number | boolean>> | undefined): string {
  return Object.entries(pairs ?? {})
    .map(([name, value]) => `${name} = ${value}`)
    .join('; ');
}

function textOf(value: string | number | boolean | undefined): string {
  return value === undefined ? '' : String(value);
}

function quote(cell: Cell): string {
  if (cell === undefined) return '';
  const text = typeof cell === 'number' ? String(Number(cell.toPrecision(12))) : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
