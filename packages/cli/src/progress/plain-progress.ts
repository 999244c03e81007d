import { FIRST_ENDED, stateOf, type StateCode } from '@sidereal/core';
import { formatCount, formatDuration, formatRate, plural } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import { symbolOf } from './progress-lines.ts';
import type { Progress } from './progress.ts';
import { drawCounts, endedOf, totalOf } from './segment.ts';
import { stageTree, type StageNode, type StageSnapshot } from './stage-tree.ts';

/** Time between two lines about a run in which no stage ends, ms. */
const PULSE_MS = 10_000;
/** Stages of one name whose ends are told one by one; of the rest, none. */
const MAX_TOLD = 20;
const WIDTH = 100;

/** Progress where nobody can see a display drawn in place: a line whenever a stage ends, and every ten seconds. */
export function plainProgress(write: (line: string) => void, style: Style): Progress {
  const ended = new Map<number, StateCode>();
  const told = new Map<string, number>();
  let pulseMs: number | undefined;
  return {
    intervalMs: 250,
    update(stages, rate, nowMs) {
      pulseMs ??= nowMs;
      let isTold = false;
      for (const stage of stages) {
        if (stage.parent < 0 || stage.state < FIRST_ENDED || ended.get(stage.idx) === stage.state) continue;
        ended.set(stage.idx, stage.state);
        const times = (told.get(stage.name) ?? 0) + 1;
        told.set(stage.name, times);
        if (times <= MAX_TOLD) write(stageEnded(stage, stages, style));
        if (times === MAX_TOLD) write(`  further stages '${oneLine(stage.name)}' are not told one by one`);
        isTold = true;
      }
      if (isTold) pulseMs = nowMs;
      if (nowMs - pulseMs < PULSE_MS) return;
      pulseMs = nowMs;
      const root = stageTree(stages);
      if (root !== undefined) write(pulseLine(root, rate, style));
    },
    say: write,
    hint: () => undefined,
    end: () => undefined,
  };
}

/** No progress; what has to be said is still said. */
export function silentProgress(write: (line: string) => void): Progress {
  return {
    intervalMs: 250,
    update: () => undefined,
    say: write,
    hint: () => undefined,
    end: () => undefined,
  };
}

/** `✓ grid completed in 3.2 s: 64 done` */
function stageEnded(stage: StageSnapshot, stages: readonly StageSnapshot[], style: Style): string {
  const { symbol, colour } = symbolOf(stage.state, style);
  const node = subtree(stage, stages);
  const counts = drawCounts(node?.totals ?? [], WIDTH, style);
  const what = `${oneLine(stage.name)} ${stateOf(stage.state)} in ${formatDuration(stage.elapsedMs)}`;
  return `${style.paint(colour, symbol)} ${what}${counts === '' ? '' : `: ${counts}`}`;
}

function subtree(stage: StageSnapshot, stages: readonly StageSnapshot[]): StageNode | undefined {
  return stageTree(
    stages
      .map((other) => (other.idx === stage.idx ? { ...other, parent: -1 } : other))
      .filter((other) => other.parent >= 0 || other.idx === stage.idx),
  );
}

/** `41 of 64 task runs ended, 12/s: 38 done · 3 running · 23 queued` */
function pulseLine(root: StageNode, rate: number, style: Style): string {
  const { totals, elapsedMs } = root;
  const speed = rate > 0 ? `, ${formatRate(rate)}` : '';
  return `  ${formatDuration(elapsedMs)}: ${formatCount(endedOf(totals))} of ${plural(totalOf(totals), 'task run')} ended${speed}: ${drawCounts(totals, WIDTH, style)}`;
}
