import type { RunHandle } from '@sidereal/engine';
import { liveProgress } from '../progress/live-progress.ts';
import { plainProgress } from '../progress/plain-progress.ts';
import { Rate } from '../progress/rate.ts';
import { endedOf, segmentCounts } from '../progress/segment.ts';
import { snapshotsOf } from '../progress/stage-tree.ts';
import { outputOf } from '../terminal/output.ts';
import { styleFor } from '../terminal/style.ts';

/** A display of how a run goes, on stderr: drawn in place on a terminal, lines elsewhere. */
export interface RunDisplay {
  /** A line of its own, above the display. */
  say(line: string): void;
  /** What the last line of the display says, where it is drawn in place. */
  hint(text: string): void;
  /** Shows how it ended and takes the display down. */
  close(): void;
}

/** Shows how a run goes, as `sidereal run` does, until it is closed. */
export function showProgress(handle: Pick<RunHandle, 'progress'>): RunDisplay {
  const output = outputOf(process.stderr);
  const style = styleFor(output.isTerminal, process.env);
  const isLive = output.isTerminal && process.env['TERM'] !== 'dumb';
  const progress = isLive
    ? liveProgress(output, style, process)
    : plainProgress((line) => output.write(`${line}\n`), style);
  const rate = new Rate();
  const tick = (): void => {
    const now = Date.now();
    const stages = snapshotsOf(handle.progress(), now);
    rate.add(
      now,
      stages.reduce((sum, { counts }) => sum + endedOf(segmentCounts(counts)), 0),
    );
    progress.update(stages, rate.perSecond(), now);
  };
  // The display alone keeps no process: one in which nothing else is alive is the run's to notice.
  const timer = setInterval(tick, progress.intervalMs).unref();
  let isClosed = false;
  return {
    say: (line) => progress.say(line),
    hint: (text) => progress.hint(text),
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      tick();
      progress.end();
    },
  };
}
