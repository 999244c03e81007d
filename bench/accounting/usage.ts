/**
 * What a case takes of the machine: CPU seconds and peak memory of all its processes, and of the services that
 * the system names, from its start to its end (set-up and warm-up included).
 *
 * - Memory is sampled: the largest sum of proportional set sizes, plus what the services have grown by.
 *   Looking costs a walk over the pages, so the next look waits fifty times the CPU time of the last one: at
 *   most a fiftieth of a core.
 * - CPU seconds of what the case waited for are exact: they are what this process is charged for its children
 *   once the case has ended. Added to them are those of processes that were left behind, as last seen.
 */
import { readProcesses, readPssBytes, readStat, TICKS_PER_SECOND, type ProcessStat } from './proc.ts';
import { processTree, serviceProcesses } from './process-tree.ts';

export interface Usage {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Watches a case; `stop()` once its process has ended. */
export interface UsageMeter {
  /** Bytes at the last look. */
  bytes(): number;
  stop(): Usage;
}

const SHORTEST_MS = 50;
const LONGEST_MS = 2000;
const COST_FACTOR = 50;

/** What the services had used before. */
export interface UsageBaseline {
  readonly childTicks: number;
  readonly serviceTicks: number;
  readonly serviceBytes: number;
}

/** To be taken before the case starts. Undefined where there is no /proc: nothing can be measured there. */
export function takeBaseline(services: readonly string[]): UsageBaseline | undefined {
  if (process.platform !== 'linux') return undefined;
  const found = serviceProcesses(services, readProcesses(), []);
  return {
    childTicks: readStat(process.pid)?.childTicks ?? 0,
    serviceTicks: sumOf(found, allTicks),
    serviceBytes: sumOf(found, ({ pid }) => readPssBytes(pid)),
  };
}

/** Starts watching the process `root`, which leads its own session. */
export function meterUsage(root: number, services: readonly string[], baseline: UsageBaseline): UsageMeter {
  const seen = new Map<number, ProcessStat>();
  let serviceTicks = baseline.serviceTicks;
  let bytes = 0;
  let peakBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Gives what it cost, ms of CPU time. */
  const look = (): number => {
    const before = process.cpuUsage();
    const all = readProcesses();
    const tree = processTree(root, all);
    for (const stat of tree) seen.set(stat.pid, stat);
    const serving = serviceProcesses(services, all, tree);
    serviceTicks = Math.max(serviceTicks, sumOf(serving, allTicks));
    const pss = ({ pid }: ProcessStat): number => readPssBytes(pid);
    bytes = sumOf(tree, pss) + Math.max(0, sumOf(serving, pss) - baseline.serviceBytes);
    peakBytes = Math.max(peakBytes, bytes);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const lookAgain = (): void => {
    const wait = COST_FACTOR * look();
    timer = setTimeout(lookAgain, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wait)));
  };
  lookAgain();

  return {
    bytes: () => bytes,
    stop: () => {
      clearTimeout(timer);
      look();
      const waitedFor = (readStat(process.pid)?.childTicks ?? 0) - baseline.childTicks;
      const leftBehind = sumOf(orphans([...seen.values()], root), allTicks);
      const ticks = waitedFor + leftBehind + serviceTicks - baseline.serviceTicks;
      return { cpuSeconds: ticks / TICKS_PER_SECOND, peakBytes };
    },
  };
}

const allTicks = ({ ticks, childTicks }: ProcessStat): number => ticks + childTicks;

/** Processes whose parent was outside of the case when last seen: nobody of the case can have waited for them. */
function orphans(seen: readonly ProcessStat[], root: number): readonly ProcessStat[] {
  const members = new Set(seen.map(({ pid }) => pid));
  return seen.filter(({ pid, parent }) => pid !== root && !members.has(parent));
}

function sumOf(processes: readonly ProcessStat[], figure: (stat: ProcessStat) => number): number {
  return processes.reduce((sum, stat) => sum + figure(stat), 0);
}
