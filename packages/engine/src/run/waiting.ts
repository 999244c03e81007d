import { FIRST_ENDED, STATE_CODE, stateOf } from '@sidereal/core';
import type { Settled } from '../future.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { asError } from './failure.ts';
import { cancelledError, notEnded, skipped, upstreamFailed } from './run-errors.ts';
import { SETTLED, type RunNode } from './run-node.ts';

/**
 * Waiting for runs: what `await` does. A task that waits for its children is parked meanwhile (its slot goes
 * to others) and gets a slot again before the last thing that it waits for is delivered.
 */
export class Waiting {
  readonly #run: FlowRun;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** The value of a run, for code in `scope`. Rejects if it did not end well. */
  async outcome(node: RunNode, scope: MainScope): Promise<unknown> {
    const { scheduler, values } = this.#run;
    scheduler.retain(node.id);
    try {
      await this.#bodyOver(node);
      if (!node.has(SETTLED)) await this.parked(scope, () => this.ended(node));
      scope.deepen(scheduler.depthOf(node.id));
      if (!scheduler.hasSucceeded(node.id)) throw this.reasonOf(node);
      if (!scheduler.isAlive(node.id)) await this.parked(scope, () => values.fetch(node));
      return node.value;
    } finally {
      scheduler.unretain(node.id);
      this.#run.pump();
    }
  }

  /** Resolves once a run has ended, however. */
  ended(node: RunNode): Promise<void> {
    if (node.has(SETTLED)) return Promise.resolve();
    return new Promise((resolve) => {
      (node.waiters ??= []).push(resolve);
    });
  }

  /** Resolves once nothing that a run has submitted is under way; a task holds no slot meanwhile. */
  async childrenEnded(parent: RunNode): Promise<void> {
    const { scheduler } = this.#run;
    const open = (): RunNode | undefined => this.#run.node(scheduler.openChildOf(parent.id));
    while (open() !== undefined) {
      await this.nodeParked(parent, async () => {
        for (let child = open(); child !== undefined; child = open()) await this.ended(child);
      });
    }
  }

  /** How a run ended, as `settled` tells it: never rejects. Its value is fetched. A snapshot if it has not ended. */
  async settled(node: RunNode): Promise<Settled<unknown>> {
    const { scheduler, values } = this.#run;
    if (!scheduler.hasSucceeded(node.id) || scheduler.isAlive(node.id)) return this.snapshot(node);
    try {
      await values.fetch(node);
    } catch (error) {
      // Its value is lost, or the run ended while it was computed again.
      if (scheduler.hasSucceeded(node.id)) return { state: 'failed', error: asError(error) };
    }
    return this.snapshot(node);
  }

  /** The same at once; a value that is not in memory is left out, so fetch it first. */
  snapshot(node: RunNode): Settled<unknown> {
    const { scheduler } = this.#run;
    const state = stateOf(scheduler.stateOf(node.id));
    if (state === 'completed' || state === 'cached') return { state, value: node.value };
    return { state, error: this.reasonOf(node) };
  }

  /** The error that stands for a run that did not succeed. */
  reasonOf(node: RunNode): Error {
    const state = this.#run.scheduler.stateOf(node.id);
    if (node.error !== undefined) return asError(node.error);
    if (state < FIRST_ENDED) return notEnded(node, stateOf(state));
    if (state === STATE_CODE.skipped) return skipped(`${node.name} was skipped`);
    if (state === STATE_CODE.upstream_failed) return upstreamFailed(node, undefined);
    return cancelledError(node, `it is ${stateOf(state)}`);
  }

  /** The value of a run, for the engine's own use: nobody is parked meanwhile. Rejects like `outcome`. */
  async value(node: RunNode): Promise<unknown> {
    const { scheduler, values } = this.#run;
    scheduler.handle(node.id);
    scheduler.retain(node.id);
    try {
      await this.ended(node);
      if (!scheduler.hasSucceeded(node.id)) throw this.reasonOf(node);
      if (!scheduler.isAlive(node.id)) await values.fetch(node);
      return node.value;
    } finally {
      scheduler.unretain(node.id);
    }
  }

  /** While the code of a group or loop executes, who awaits it does not wait: that is their own code. */
  async #bodyOver({ work }: RunNode): Promise<void> {
    if (work.type === 'container' && work.body !== undefined) await work.body;
  }

  /** Runs `wait` with the scope's own run parked: the task, stage or flow that the code belongs to. */
  parked<T>(scope: MainScope, wait: () => Promise<T>): Promise<T> {
    return this.nodeParked(scope.owner, wait);
  }

  /** The same for a run as such. */
  async nodeParked<T>(waiter: RunNode, wait: () => Promise<T>): Promise<T> {
    const { scheduler } = this.#run;
    const { token } = waiter;
    scheduler.wait(waiter.id);
    this.#run.deadlines.pause(waiter);
    this.#run.pump();
    try {
      return await wait();
    } finally {
      if (waiter.token === token && !scheduler.unwait(waiter.id)) {
        this.#run.pump();
        await new Promise<void>((resolve) => {
          (waiter.resumes ??= []).push(resolve);
        });
      }
      this.#run.deadlines.resume(waiter);
    }
  }
}
