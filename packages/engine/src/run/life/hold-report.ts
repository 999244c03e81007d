import type { JournalEvent } from '@sidereal/core';
import { liveRuns } from '../../process/live-runs.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { heldText } from '../record/held-thread.ts';
import type { FlowRun } from './flow-run.ts';

/** How long the end of a run waits for the store to say that its thread was held, ms. */
const PATIENCE_MS = 1000;

/** What is said of somebody's code having held the thread of a run: in its record, and to people. */
export class HoldReport {
  #told: PromiseWithResolvers<void> | undefined;

  /** The store has watched the thread, which is free again. */
  heard(
    { heldMs, by }: Extract<JournalEvent, { type: 'held' }>,
    run: FlowRun | undefined,
    root: RunNode | undefined,
  ): void {
    this.#told?.resolve();
    if (by === undefined || run === undefined || root === undefined) return;
    const waited = run.thread.takeWaited();
    const message = heldText(heldMs, by, waited);
    const isOwn = by.runId === run.id;
    const holder = isOwn ? [...run.loop.nodes].find(({ key }) => key === by.key) : undefined;
    const at = by.at === undefined ? {} : { at: by.at };
    const body = { code: 'thread_held', message, heldMs: Math.round(heldMs), ...at, waited };
    run.record.note(holder ?? root, body);
    if (isOwn || by.runId === '') liveRuns.tell(run.id, { type: 'held', message });
  }

  /** Before a run ends: resolves once what is still to be said of its thread is said. */
  async told(run: FlowRun): Promise<void> {
    if (!run.thread.isNoticed) return;
    this.#told = Promise.withResolvers();
    liveRuns.thread.beat();
    const timer = setTimeout(this.#told.resolve, PATIENCE_MS);
    await this.#told.promise;
    clearTimeout(timer);
  }
}
