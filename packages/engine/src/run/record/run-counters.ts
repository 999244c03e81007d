import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, STATES, type StateCode } from '@sidereal/core';

/** Task runs of one stage by state, live. */
export interface StageProgress {
  readonly idx: number;
  readonly name: string;
  /** Stage that it lies in, or -1. */
  readonly parent: number;
  /** State of the stage itself. */
  readonly state: StateCode;
  /** When it first became active in this process and when it ended, milliseconds since the epoch. */
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  /** By state code. */
  readonly counts: Int32Array;
}

type Stage = { -readonly [K in keyof StageProgress]: StageProgress[K] };

/** Exact counts of task runs per stage and state, for progress displays. */
export class RunCounters {
  readonly #stages = new Map<number, Stage>();

  addStage(idx: number, name: string, parent: number): void {
    if (!this.#stages.has(idx)) {
      const counts = new Int32Array(STATES.length);
      const state = STATE_CODE.pending;
      this.#stages.set(idx, { idx, name, parent, state, startedMs: undefined, endedMs: undefined, counts });
    }
  }

  /** The stage itself enters a state, or is adopted in one. */
  enterStage(idx: number, state: StateCode, nowMs: number): void {
    const stage = this.#stages.get(idx);
    if (stage === undefined) return;
    stage.state = state;
    if (state >= FIRST_ACTIVE && state < FIRST_ENDED) stage.startedMs ??= nowMs;
    stage.endedMs = state >= FIRST_ENDED ? nowMs : undefined;
  }

  /** A task run of the stage goes from one state (-1: none) to another. */
  enter(stage: number, from: number, to: number): void {
    const counts = this.#stages.get(stage)?.counts;
    if (counts === undefined) return;
    if (from >= 0) counts[from] = (counts[from] ?? 1) - 1;
    counts[to] = (counts[to] ?? 0) + 1;
  }

  stages(): StageProgress[] {
    return [...this.#stages.values()];
  }
}
