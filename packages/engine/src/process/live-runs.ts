import { FlowThread } from './flow-thread.ts';
import type { LiveRun, ProcessEvent } from './live-run.ts';
import { ProcessExit } from './process-exit.ts';
import { Signals } from './signals.ts';
import { ProcessErrors } from './process-errors.ts';

/**
 * The runs that are alive in this process, and what befalls the process meanwhile: one for all copies of the package,
 * since there is one process. So they hang on a global symbol.
 */
class LiveRuns {
  readonly #runs = new Set<LiveRun>();
  readonly #exit = new ProcessExit(this.#runs);
  readonly #uncaught = new ProcessErrors(this.#runs);
  readonly signals = new Signals({ runs: this.#runs, end: (code) => this.#exit.end(code) });
  readonly thread = new FlowThread(this.signals);

  enter(run: LiveRun): void {
    if (this.#runs.size === 0) {
      this.signals.open();
      this.#exit.open();
      this.#uncaught.open();
      this.thread.open();
    }
    this.#runs.add(run);
  }

  leave(run: LiveRun): void {
    if (!this.#runs.delete(run) || this.#runs.size > 0) return;
    this.signals.close();
    this.#exit.close();
    this.#uncaught.close();
    this.thread.close();
  }

  /** Tells people of a run what has befallen the process. */
  tell(runId: string, event: ProcessEvent): void {
    for (const run of this.#runs) if (run.id === runId) run.tell(event);
  }
}

const LIVE_RUNS = Symbol.for('sidereal.live-runs/1');
type Host = { [LIVE_RUNS]?: LiveRuns };

export const liveRuns: LiveRuns = ((globalThis as Host)[LIVE_RUNS] ??= new LiveRuns());
