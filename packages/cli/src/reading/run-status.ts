import { hasEnded, STATE_CODE, type State } from '@sidereal/core';
import type { Liveness, RunSummary } from '@sidereal/store';
import { symbolOf } from '../progress/progress-lines.ts';
import type { Colour, Style } from '../terminal/style.ts';

/**
 * What a run is, for people: the state that is recorded, except that a run which has not ended and which
 * nobody executes is interrupted, whatever its record says.
 */
export type RunStatus = State | 'interrupted';

export function runStatus({ state, liveness }: Pick<RunSummary, 'state' | 'liveness'>): RunStatus {
  return !hasEnded(state) && liveness.status !== 'live' ? 'interrupted' : state;
}

export function isInterrupted(run: Pick<RunSummary, 'state' | 'liveness'>): boolean {
  return runStatus(run) === 'interrupted';
}

/** Symbol and colour of a status. */
export function statusMark(
  status: RunStatus,
  style: Style,
): { readonly symbol: string; readonly colour: Colour } {
  if (status === 'interrupted') return { symbol: style.hasUnicode ? '◐' : '?', colour: 'again' };
  return symbolOf(STATE_CODE[status], style);
}

/** Who executes (or executed) a run, as JSON documents tell it; null: nobody does. */
export function holderDocument(liveness: Liveness): Readonly<Record<string, unknown>> | null {
  if (liveness.status === 'free') return null;
  const { holder, ageMs, status } = liveness;
  return { alive: status === 'live', host: holder.host, pid: holder.pid, heartbeatAgeMs: Math.round(ageMs) };
}

/** When it started, when it ended and how long it took, from times of its journal. */
export interface RunPeriod {
  readonly createdMs: number;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  /** From its creation to its end, or until now while it is executed. */
  readonly durationMs: number | undefined;
}

export function runPeriod(run: RunSummary, nowMs: number): RunPeriod {
  const { originMs, startedUs, endedUs } = run;
  const endedMs = endedUs === undefined || !hasEnded(run.state) ? undefined : originMs + endedUs / 1000;
  const startedMs = startedUs === undefined ? undefined : originMs + startedUs / 1000;
  const untilMs = endedMs ?? (run.liveness.status === 'live' ? nowMs : undefined);
  return {
    createdMs: originMs,
    startedMs,
    endedMs,
    durationMs: untilMs === undefined ? undefined : Math.max(0, untilMs - originMs),
  };
}

/** A moment as JSON documents tell it. */
export function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
