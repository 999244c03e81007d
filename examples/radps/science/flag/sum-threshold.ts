import { robustSpreadInPlace } from '../numeric/robust.ts';

/**
 * SumThreshold on a [times, channels] plane (Offringa, de Bruyn, Biehl, Zaroubi, Bernardi & Pandey 2010,
 * MNRAS 405, 155): a run of M samples in time or in frequency is flagged when the mean of its unflagged
 * samples exceeds χ_M = χ₁ / 1.5^(log₂ M), for M = 1, 2, 4 …; so weak interference that lasts is found as
 * well as strong interference that does not. Between passes a smooth background is fitted to what is left
 * (their §2.1, Gaussian smoothing) and subtracted, and the threshold comes down.
 */
export interface SumThresholdOptions {
  /** χ₁ of the last pass, robust standard deviations of the residual. */
  readonly threshold: number;
  /** Longest run M tried, samples; a power of two. */
  readonly longestRun: number;
  /** Gaussian of the background: standard deviation along time, samples. */
  readonly smoothTimes: number;
  /** The same along frequency, channels. */
  readonly smoothChannels: number;
}

/** Each pass's threshold as a multiple of the last one's. */
const PASSES = [4, 2, 1] as const;
const RHO = 1.5;

/** Flags interference in `plane`; changes `flags` and returns how many samples it added. */
export function sumThreshold(
  plane: Float64Array,
  flags: Uint8Array,
  times: number,
  channels: number,
  options: SumThresholdOptions,
): number {
  const before = countFlags(flags);
  const residual = new Float64Array(plane.length);
  const work = new Float64Array(plane.length);
  for (const [pass, factor] of PASSES.entries()) {
    if (pass === 0) subtractMedian(plane, flags, residual, work);
    else subtractSmooth(plane, flags, times, channels, options, residual);
    let count = 0;
    for (let at = 0; at < plane.length; at++) if (flags[at] === 0) work[count++] = residual[at] ?? 0;
    if (count < MIN_SAMPLES) break;
    const { sigma } = robustSpreadInPlace(work, count);
    if (!(sigma > 0)) break;
    const first = options.threshold * factor * sigma;
    for (let run = 1; run <= options.longestRun; run *= 2) {
      const limit = first / RHO ** Math.log2(run);
      flagRuns(residual, flags, { lines: channels, length: times, lineStep: 1, step: channels }, run, limit);
      flagRuns(residual, flags, { lines: times, length: channels, lineStep: channels, step: 1 }, run, limit);
    }
  }
  return countFlags(flags) - before;
}

const MIN_SAMPLES = 10;

function countFlags(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count;
}

function subtractMedian(
  plane: Float64Array,
  flags: Uint8Array,
  residual: Float64Array,
  work: Float64Array,
): void {
  let count = 0;
  for (let at = 0; at < plane.length; at++) if (flags[at] === 0) work[count++] = plane[at] ?? 0;
  const { median } = robustSpreadInPlace(work, count);
  for (let at = 0; at < plane.length; at++) residual[at] = (plane[at] ?? 0) - median;
}

/** How a plane is read as lines of samples. */
interface Lines {
  readonly lines: number;
  readonly length: number;
  readonly lineStep: number;
  readonly step: number;
}

/** Flags every run of `run` samples whose unflagged mean exceeds `limit`; decisions of one sweep are independent. */
function flagRuns(values: Float64Array, flags: Uint8Array, lines: Lines, run: number, limit: number): void {
  if (run > lines.length) return;
  const marks = new Uint8Array(lines.length);
  for (let line = 0; line < lines.lines; line++) {
    marks.fill(0);
    const base = line * lines.lineStep;
    let sum = 0;
    let count = 0;
    let found = false;
    for (let end = 0; end < lines.length; end++) {
      const entering = base + end * lines.step;
      if (flags[entering] === 0) {
        sum += values[entering] ?? 0;
        count++;
      }
      if (end >= run) {
        const leaving = base + (end - run) * lines.step;
        if (flags[leaving] === 0) {
          sum -= values[leaving] ?? 0;
          count--;
        }
      }
      if (end < run - 1 || count === 0 || Math.abs(sum / count) <= limit) continue;
      marks.fill(1, end - run + 1, end + 1);
      found = true;
    }
    if (!found) continue;
    for (let at = 0; at < lines.length; at++) if (marks[at] === 1) flags[base + at * lines.step] = 1;
  }
}

/** residual = plane − background, the background a Gaussian-weighted mean of the unflagged neighbours. */
function subtractSmooth(
  plane: Float64Array,
  flags: Uint8Array,
  times: number,
  channels: number,
  options: SumThresholdOptions,
  residual: Float64Array,
): void {
  const value = new Float64Array(plane.length);
  const weight = new Float64Array(plane.length);
  for (let at = 0; at < plane.length; at++) {
    const use = flags[at] === 0 ? 1 : 0;
    value[at] = use * (plane[at] ?? 0);
    weight[at] = use;
  }
  const alongTime = { lines: channels, length: times, lineStep: 1, step: channels };
  const alongFrequency = { lines: times, length: channels, lineStep: channels, step: 1 };
  for (const array of [value, weight]) {
    smoothLines(array, alongTime, options.smoothTimes);
    smoothLines(array, alongFrequency, options.smoothChannels);
  }
  for (let at = 0; at < plane.length; at++) {
    const sum = weight[at] ?? 0;
    residual[at] = sum > 0 ? (plane[at] ?? 0) - (value[at] ?? 0) / sum : 0;
  }
}

/** Convolves each line in place with a Gaussian cut off at three standard deviations (not normalised). */
function smoothLines(array: Float64Array, lines: Lines, sigma: number): void {
  if (sigma <= 0 || lines.length < 2) return;
  const reach = Math.min(lines.length - 1, Math.ceil(3 * sigma));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) =>
    Math.exp((-0.5 * k * k) / (sigma * sigma)),
  );
  const line = new Float64Array(lines.length);
  for (let index = 0; index < lines.lines; index++) {
    const base = index * lines.lineStep;
    for (let at = 0; at < lines.length; at++) line[at] = array[base + at * lines.step] ?? 0;
    for (let at = 0; at < lines.length; at++) {
      let sum = 0;
      const from = Math.max(0, at - reach);
      const to = Math.min(lines.length - 1, at + reach);
      for (let k = from; k <= to; k++) sum += (line[k] ?? 0) * (kernel[Math.abs(k - at)] ?? 0);
      array[base + at * lines.step] = sum;
    }
  }
}
