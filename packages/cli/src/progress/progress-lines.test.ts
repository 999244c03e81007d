import { STATE_CODE, STATES, type State } from '@sidereal/core';
import { describe, expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { textWidth } from '../terminal/text-width.ts';
import { progressLines, symbolOf } from './progress-lines.ts';
import { stageTree, type StageSnapshot } from './stage-tree.ts';

const style = makeStyle(false, true);

function stage(
  idx: number,
  name: string,
  parent: number,
  state: State,
  elapsedMs: number,
  tasks: Partial<Record<State, number>> = {},
): StageSnapshot {
  const counts = STATES.map((known) => tasks[known] ?? 0);
  return { idx, name, parent, state: STATE_CODE[state], counts, elapsedMs };
}

const cube = [
  stage(0, 'image-cube', -1, 'running', 14_200),
  stage(1, 'import', 0, 'completed', 2_000, { completed: 1 }),
  stage(2, 'grid', 0, 'running', 12_000, { completed: 38, failed: 2, running: 3, queued: 20 }),
  stage(3, 'deconvolve', 2, 'pending', 0),
];

function draw(stages: readonly StageSnapshot[], columns: number, rows = 30, look = style): string[] {
  const root = stageTree(stages)!;
  return progressLines({ root, rate: 12.4, hint: 'Ctrl-C cancels' }, { columns, rows, style: look });
}

describe('the display of a run', () => {
  test('at 100 columns has bars, counts, clocks, the rate and words', () => {
    expect(draw(cube, 100)).toEqual([
      '▶ image-cube     ██████████████████Frr░░░░░░░░░ 41/64  0:14  12/s  39 done · 2 failed · 3 running',
      '  ✓ import       ██████████████████████████████   1/1  0:02  1 done',
      '  ▶ grid         ██████████████████Fr░░░░░░░░░░ 40/63  0:12  38 done · 2 failed · 3 running',
      '    ○ deconvolve                                  0/0  0:00',
      'Ctrl-C cancels',
    ]);
  });

  test('at 50 columns leaves out words, but not failures', () => {
    expect(draw(cube, 50)).toEqual([
      '▶ image-cube     █████████Fr░░░░░ 41/64  0:14  2F',
      '  ✓ import       ████████████████   1/1  0:02',
      '  ▶ grid         █████████Fr░░░░░ 40/63  0:12  2F',
      '    ○ deconvolve                    0/0  0:00',
      'Ctrl-C cancels',
    ]);
  });

  test('at 40 columns still has everything that counts', () => {
    expect(draw(cube, 40)).toEqual([
      '▶ image-cube  ████Fr░░░ 41/64  0:14  2F',
      '  ✓ import    █████████   1/1  0:02',
      '  ▶ grid      ████Fr░░░ 40/63  0:12  2F',
      '    ○ deconv…             0/0  0:00',
      'Ctrl-C cancels',
    ]);
  });

  test('no line is as wide as the terminal, and there are fewer lines than it has', () => {
    const deep = Array.from({ length: 30 }, (_, at) =>
      stage(at, `stage-${at} 校正 with a long name`, at - 1, 'running', 10_000_000, {
        running: 123_456,
        failed: at,
      }),
    );
    for (let columns = 24; columns <= 160; columns += 1) {
      for (const rows of [2, 3, 4, 10, 40]) {
        const lines = draw(deep, columns, rows);
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(textWidth(line)).toBeLessThan(Math.max(columns, 40));
      }
    }
  });

  test('stages that do not fit are counted', () => {
    expect(draw(cube, 100, 5)).toEqual([
      '▶ image-cube ██████████████████Frr░░░░░░░░░ 41/64  0:14  12/s  39 done · 2 failed · 3 running',
      '  … 1 finished and 2 more stages',
      'Ctrl-C cancels',
    ]);
  });

  test('many stages alike are one line', () => {
    const windows = Array.from({ length: 1_200 }, (_, at) =>
      stage(at + 1, 'window', 0, 'completed', 900, { completed: 2 }),
    );
    expect(draw([stage(0, 'cube', -1, 'running', 1_000), ...windows], 80)[1]).toBe(
      '  ✓ window ×1,200 ███████████████████ 2,400/2,400  0:00  2,400 done',
    );
  });

  test('reads in ASCII too', () => {
    expect(draw(cube, 50, 30, makeStyle(false, false))[2]).toBe(
      '  > grid         #########Fr----- 40/63  0:12  2F',
    );
  });

  test('names cannot move the cursor', () => {
    const [line] = draw([stage(0, 'evil\u001B[2J\nname', -1, 'running', 0)], 100);
    expect(line).toContain(String.raw`▶ evil\x1b[2J name`);
  });
});

test('symbols differ by shape, not by colour alone', () => {
  const states: readonly State[] = ['pending', 'running', 'cancelling', 'completed', 'skipped', 'failed'];
  expect(new Set(states.map((state) => symbolOf(STATE_CODE[state], style).symbol)).size).toBe(states.length);
});
