import { againOf, type ProcessEvent, type RunHandle, type RunOutcome } from '@sidereal/engine';
import type { Context } from '../context.ts';
import type { Progress } from '../progress/progress.ts';
import { Rate } from '../progress/rate.ts';
import { endedOf, segmentCounts } from '../progress/segment.ts';
import { snapshotsOf, type StageSnapshot } from '../progress/stage-tree.ts';
import { LogTail } from './log-tail.ts';
import type { RunSettings } from './run-settings.ts';

/** Keeps a progress display in step with a run. */
export class RunWatch {
  readonly #handle: RunHandle;
  readonly #progress: Progress;
  readonly #settings: RunSettings;
  readonly #context: Context;
  readonly #rate = new Rate();
  readonly #exited: (error: Error, runId: string) => void;
  #runId: string | undefined;
  #logs: LogTail | undefined;

  constructor(
    handle: RunHandle,
    progress: Progress,
    settings: RunSettings,
    context: Context,
    exited: (error: Error, runId: string) => void,
  ) {
    this.#handle = handle;
    this.#progress = progress;
    this.#settings = settings;
    this.#context = context;
    this.#exited = exited;
  }

  stages(): StageSnapshot[] {
    return snapshotsOf(this.#handle.progress(), this.#context.now());
  }

  async untilEnded(isResumed: boolean, flow: string): Promise<RunOutcome> {
    // The display alone keeps no process: one in which nothing else is alive is the run's to notice.
    const timer = setInterval(() => this.#tick(), this.#progress.intervalMs).unref();
    this.#handle.id.then(
      (id) => this.#began(id, isResumed, flow),
      () => undefined, // the outcome says why
    );
    try {
      return await this.#handle.outcome;
    } finally {
      clearInterval(timer);
      this.#tick();
      this.#logs?.close();
      this.#progress.end();
    }
  }

  /** Something has befallen the process. */
  befell(event: ProcessEvent): void {
    switch (event.type) {
      case 'cancelling': {
        const again = againOf(event.signal);
        this.#progress.say(
          `cancelling the run: running work gets the signal; ${again} ends the process at once`,
        );
        this.#progress.hint(`cancelling · ${again} ends the process at once`);
        return;
      }
      case 'ending':
        this.#progress.end();
        this.#context.err.write(`ended at once; ${this.#howToGoOn()}\n`);
        return;
      case 'held':
        this.#progress.say(`${this.#context.errStyle.paint('again', 'note')} ${event.message}`);
        return;
      case 'status':
        for (const line of event.lines) this.#progress.say(line);
        return;
      case 'exit':
        this.#progress.end();
        this.#exited(event.error, this.#runId ?? '');
    }
  }

  #howToGoOn(): string {
    const id = this.#runId;
    return id === undefined ? 'nothing was recorded yet' : `go on with: sidereal resume ${id}`;
  }

  #began(id: string, isResumed: boolean, flow: string): void {
    this.#runId = id;
    const { errStyle: style } = this.#context;
    if (!this.#settings.isSilent) {
      this.#progress.say(
        `${style.paint('dim', isResumed ? 'resuming' : 'run')} ${style.paint('bold', id)} ${style.paint('dim', `of flow ${flow}, recorded in ${this.#settings.store}`)}`,
      );
    }
    this.#progress.hint('Ctrl-C cancels');
    if (this.#settings.logs !== undefined)
      this.#logs = new LogTail(this.#settings.store, id, this.#settings.logs, isResumed);
  }

  #tick(): void {
    const now = this.#context.now();
    const stages = this.stages();
    this.#rate.add(now, totalEnded(stages));
    if (this.#logs !== undefined) {
      for (const line of this.#logs.lines(this.#context.errStyle)) this.#progress.say(line);
    }
    this.#progress.update(stages, this.#rate.perSecond(), now);
  }
}

function totalEnded(stages: readonly StageSnapshot[]): number {
  return stages.reduce((sum, { counts }) => sum + endedOf(segmentCounts(counts)), 0);
}
