import { overheadFloor, type Floor } from '../formulas/floor.ts';
import { overheadPercent, slotIdlePerLeaf } from '../formulas/overhead.ts';
import { median } from '../formulas/median.ts';
import { caseId, type Measurement, type Planned, type Result } from '../suite/measurement.ts';
import type { Measured } from '../suite/outcome.ts';
import type { System } from '../suite/system.ts';
import { timingOf } from './timing.ts';

/** Everything that the reports are made of. */
export interface Findings {
  readonly runId: string;
  readonly machine: string;
  readonly memory: string;
  /** When the suite began, ISO 8601. */
  readonly began: string;
  readonly isOver: boolean;
  readonly measurements: readonly Measurement[];
  readonly systems: readonly System[];
  readonly floorOf: (planned: Planned) => Floor | undefined;
  readonly titleOf: (system: string) => string;
}

/** Puts the floors beside the measurements; each is computed once. */
export function findingsOf(given: Omit<Findings, 'floorOf' | 'titleOf'>): Findings {
  const floors = new Map<string, Floor>();
  const floorOf = ({ series, asked }: Planned): Floor | undefined => {
    if (asked.row !== 'tree') return undefined;
    const id = `${series} ${asked.n}`;
    const slots = asked.processes * asked.threads;
    const floor = floors.get(id) ?? overheadFloor({ ...asked, slots }, asked.seed);
    floors.set(id, floor);
    return floor;
  };
  const titleOf = (name: string): string => given.systems.find((one) => one.name === name)?.title ?? name;
  return { ...given, floorOf, titleOf };
}

/** The repetitions of one case on one system, as one. Figures are medians; absent where nobody knows them. */
export interface Finding {
  readonly planned: Planned;
  /** What was not measured says why; what was says so if any repetition was. */
  readonly result: Result;
  readonly repetitions: number;
  readonly tWorkflow?: Spread | undefined;
  readonly overhead?: Spread | undefined;
  readonly floor?: Floor | undefined;
  readonly excess?: number | undefined;
  readonly slotIdle?: number | undefined;
  readonly tSubmit?: number | undefined;
  readonly peakBytes?: number | undefined;
  readonly cpuSeconds?: number | undefined;
  readonly recordedShare?: number | undefined;
  readonly secondsUntilRecorded?: number | undefined;
  readonly bytesPerTask?: number | undefined;
  readonly rssBytesPerTask?: number | undefined;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** One finding a case and system, in the order of the measurements. */
export function summarise({ measurements, floorOf }: Findings): readonly Finding[] {
  const groups = Map.groupBy(measurements, caseId);
  return [...groups.values()].flatMap((group) => {
    const [planned] = group;
    return planned === undefined ? [] : [findingOf(planned, group, floorOf(planned))];
  });
}

function findingOf(planned: Measurement, group: readonly Measurement[], floor: Floor | undefined): Finding {
  const outcomes: Measured[] = group.flatMap(({ result }) =>
    result.kind === 'measured' ? result.outcome : [],
  );
  const usages = group.flatMap(({ result }) => (result.kind === 'measured' ? (result.usage ?? []) : []));
  const timings = group.flatMap((measurement) => timingOf(measurement) ?? []);
  const overhead = spreadOf(timings.map(overheadPercent));
  const middle = (figure: keyof Measured): number | undefined =>
    spreadOf(outcomes.flatMap((outcome) => numberIn(outcome[figure])))?.median;
  const shares = outcomes.flatMap(({ recordedAtEnd, recordedExpected }) =>
    recordedAtEnd === undefined || recordedExpected === undefined ? [] : recordedAtEnd / recordedExpected,
  );
  return {
    planned,
    result: worstOf(group) ?? planned.result,
    repetitions: outcomes.length,
    tWorkflow: spreadOf(outcomes.map(({ tWorkflow }) => tWorkflow)),
    overhead,
    floor,
    excess: overhead === undefined || floor === undefined ? undefined : overhead.median - floor.median,
    slotIdle: spreadOf(timings.map(slotIdlePerLeaf))?.median,
    tSubmit: middle('tSubmit'),
    peakBytes: spreadOf(usages.map(({ peakBytes }) => peakBytes))?.highest,
    cpuSeconds: spreadOf(usages.map(({ cpuSeconds }) => cpuSeconds))?.median,
    recordedShare: spreadOf(shares)?.lowest,
    secondsUntilRecorded: middle('secondsUntilRecorded'),
    bytesPerTask: middle('bytesPerTask'),
    rssBytesPerTask: middle('rssBytesPerTask'),
  };
}

/** A failure among the repetitions speaks for all of them. */
function worstOf(group: readonly Measurement[]): Result | undefined {
  const results = group.map(({ result }) => result);
  return results.find(({ kind }) => kind === 'failed') ?? results.find(({ kind }) => kind !== 'measured');
}

function numberIn(value: Measured[keyof Measured]): readonly number[] {
  return typeof value === 'number' ? [value] : [];
}

function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}
