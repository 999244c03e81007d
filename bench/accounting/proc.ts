/**
 * What Linux says of processes under /proc. Elsewhere there is no such folder, and nothing is measured.
 *
 * CPU times are in clock ticks of 1/100 s, which is what the kernel reports on every architecture.
 */
import { readdirSync, readFileSync } from 'node:fs';

export const TICKS_PER_SECOND = 100;

/** One process, at one moment. */
export interface ProcessStat {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
  readonly session: number;
  /** Its own CPU time, user and system, ticks. */
  readonly ticks: number;
  /** That of the descendants that it has waited for, ticks. */
  readonly childTicks: number;
  /** When it was started, ticks since boot: tells a process from a later one of the same number. */
  readonly startedAt: number;
}

/** Reads a line of `/proc/PID/stat`. The name may hold spaces and brackets: it ends at the last bracket. */
export function parseStat(line: string): ProcessStat {
  const close = line.lastIndexOf(')');
  const open = line.indexOf('(');
  const fields = line.slice(close + 2).split(' ');
  // Numbered from 3 in proc(5), which is the first after the name.
  const field = (number: number): number => Number(fields[number - 3]);
  return {
    pid: Number(line.slice(0, open)),
    name: line.slice(open + 1, close),
    parent: field(4),
    session: field(6),
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
    startedAt: field(22),
  };
}

/** All processes; those that end meanwhile are left out. */
export function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => readStat(Number(pid)) ?? []);
}

/** A process, unless it has gone. */
export function readStat(pid: number): ProcessStat | undefined {
  const line = readIfThere(`/proc/${pid}/stat`);
  return line === undefined ? undefined : parseStat(line);
}

/**
 * Proportional set size: a page that k processes share counts 1/k for each, so that sums over processes count
 * shared memory once. 0 for a process that has gone or belongs to someone else.
 */
export function readPssBytes(pid: number): number {
  const text = readIfThere(`/proc/${pid}/smaps_rollup`) ?? '';
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // the process has ended, or is not ours to look into
  }
}
