import type { Output } from '../terminal/output.ts';
import type { Style } from '../terminal/style.ts';
import { LiveDisplay } from './live-display.ts';
import { PrintedOutput } from './printed-output.ts';
import { progressLines } from './progress-lines.ts';
import type { Progress } from './progress.ts';
import { stageTree, type StageNode } from './stage-tree.ts';

/**
 * The display of a run on a terminal: drawn in place at most ten times a second, with everything that the
 * flow prints to the same terminal above it.
 */
export function liveProgress(
  output: Output,
  style: Style,
  streams: Readonly<{ stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream }>,
): Progress {
  let root: StageNode | undefined;
  let rate = 0;
  let hint = '';
  const printed = [streams.stderr, ...(streams.stdout.isTTY ? [streams.stdout] : [])].map(
    (stream) => new PrintedOutput(stream, (text) => display.above(text)),
  );
  const display = new LiveDisplay(
    (text) => printed[0]?.writeThrough(text),
    () => ({ columns: output.columns, rows: output.rows }),
    (size) => (root === undefined ? [] : progressLines({ root, rate, hint }, { ...size, style })),
  );
  const redraw = (): void => display.draw();
  streams.stderr.on('resize', redraw);
  return {
    intervalMs: 100,
    update(stages, perSecond) {
      root = stageTree(stages);
      rate = perSecond;
      redraw();
    },
    say: (line) => display.above(`${line}\n`),
    hint(text) {
      hint = text;
      redraw();
    },
    end() {
      streams.stderr.off('resize', redraw);
      display.clear();
      for (const stream of printed) stream[Symbol.dispose]();
    },
  };
}
