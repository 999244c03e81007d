/**
 * Antenna-based complex factors, g in V′ = g₁ V g₂*: gains (one channel, many times), a bandpass (one time, many
 * channels), or anything between. Plain arrays, so that tables go to threads and into results.
 */
export interface CalibrationTable {
  readonly kind: 'gain' | 'phase' | 'bandpass' | 'delay' | 'position';
  readonly antennas: number;
  /** Names of the feeds, as in `feedsOf`. */
  readonly feeds: readonly string[];
  /** [channel] Hz: one (applies to all channels), or those of the data that it applies to. */
  readonly frequencyHz: Float64Array;
  /** [solution] mid time, MJD seconds, rising. */
  readonly timeS: Float64Array;
  /** [solution, antenna, feed, channel, 2] */
  readonly value: Float64Array;
  /** [solution, antenna, feed, channel] amplitude over its standard error; 0 without a solution. */
  readonly snr: Float64Array;
  /** [solution, antenna, feed, channel] 1 where there is no usable solution. */
  readonly flag: Uint8Array;
  /** Antenna whose phase is zero. */
  readonly referenceAntenna: number;
}

/** A table of ones. */
export function unitTable(
  kind: CalibrationTable['kind'],
  shape: Readonly<{
    antennas: number;
    feeds: readonly string[];
    timeS: Float64Array;
    frequencyHz: Float64Array;
    referenceAntenna: number;
  }>,
): CalibrationTable {
  const { antennas, feeds, timeS, frequencyHz } = shape;
  const entries = timeS.length * antennas * feeds.length * frequencyHz.length;
  const value = new Float64Array(2 * entries);
  for (let entry = 0; entry < entries; entry++) value[2 * entry] = 1;
  return { ...shape, kind, value, snr: new Float64Array(entries), flag: new Uint8Array(entries) };
}

/** Index of an entry in `snr` and `flag` (twice it: in `value`). */
export function tableIndex(
  table: CalibrationTable,
  solution: number,
  antenna: number,
  feed: number,
  channel = 0,
): number {
  return (
    ((solution * table.antennas + antenna) * table.feeds.length + feed) * table.frequencyHz.length + channel
  );
}

/** What a table is like, for a QA score or a report. */
export interface TableSummary {
  readonly solutions: number;
  readonly flaggedFraction: number;
  /** Median signal-to-noise of the unflagged solutions; 0 of none. */
  readonly medianSnr: number;
  /** Antennas without any usable solution. */
  readonly deadAntennas: readonly number[];
}

/** Counts solutions, flags and dead antennas. */
export function summariseTable(table: CalibrationTable): TableSummary {
  const good: number[] = [];
  const alive = new Set<number>();
  const perAntenna = table.feeds.length * table.frequencyHz.length;
  for (const [entry, flag] of table.flag.entries()) {
    if (flag === 1) continue;
    good.push(table.snr[entry] ?? 0);
    alive.add(Math.floor(entry / perAntenna) % table.antennas);
  }
  good.sort((a, b) => a - b);
  return {
    solutions: table.flag.length,
    flaggedFraction: table.flag.length === 0 ? 0 : 1 - good.length / table.flag.length,
    medianSnr: good[good.length >> 1] ?? 0,
    deadAntennas: Array.from({ length: table.antennas }, (_, antenna) => antenna).filter(
      (a) => !alive.has(a),
    ),
  };
}
