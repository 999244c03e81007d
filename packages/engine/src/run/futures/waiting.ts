import { FIRST_ENDED, STATE_CODE, stateOf } from '@sidereal/core';
import { copyForReader } from '../../data/futures-in-values.ts';
import type { Settled } from '../../future/future.ts';
import type { Deadlines } from '../loop/deadlines.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { ended, whenEnded } from '../nodes/ended.ts';
import { awaitedTooLate, cancelledError, notEnded, skipped, upstreamFailed } from '../nodes/node-errors.ts';
import { SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { asError } from '../../errors/journal-error.ts';
import type { Values } from '../values/values.ts';

export interface WaitingParts {
  readonly loop: RunLoop;
  readonly values: Values;
  readonly deadlines: Deadlines<RunNode>;
}

/** Code that executes under one node awaits another. */
export interface CodeAwait {
  readonly code: RunNode;
  readonly node: RunNode;
}

/** What the code of each node awaits. */
export function awaitedByCode(awaits: Iterable<CodeAwait>): ReadonlyMap<RunNode, readonly RunNode[]> {
  const awaited = new Map<RunNode, RunNode[]>();
  for (const { code, node } of awaits) {
    const others = awaited.get(code);
    if (others === undefined) awaited.set(code, [node]);
    else others.push(node);
  }
  return awaited;
}

/**
 * Waiting for runs: what `await` does. A task that waits for its children holds no slot meanwhile (it goes to
 * others) and gets one again before the last thing that it waits for is delivered.
 */
export class Waiting {
  readonly #loop: RunLoop;
  readonly #values: Values;
  readonly #deadlines: Deadlines<RunNode>;
  readonly #bringing = new Map<RunNode, Promise<void>>();
  readonly #awaits = new Set<CodeAwait>();
  /** Errors that code has got by awaiting runs which had not succeeded. */
  readonly #failures = new WeakSet<Error>();

  constructor({ loop, values, deadlines }: WaitingParts) {
    this.#loop = loop;
    this.#values = values;
    this.#deadlines = deadlines;
  }

  /** The value of a run, for code in `scope`. Rejects if it did not end well. */
  async outcome(node: RunNode, scope: CodeScope): Promise<unknown> {
    const { scheduler } = this.#loop;
    assertOpen(scope, node);
    scheduler.retain(node.id);
    let wait: CodeAwait | undefined;
    try {
      await bodyOver(node);
      assertOpen(scope, node);
      if (!node.has(SETTLED)) {
        wait = this.begun(scope, node);
        await this.#endWithoutSlot(scope.owner, node);
      }
      assertOpen(scope, node);
      scope.deepen(scheduler.depthOf(node.id));
      if (!scheduler.hasSucceeded(node.id)) throw this.#failureOf(node);
      if (!scheduler.isAlive(node.id)) await this.withoutSlot(scope.owner, () => this.bring(node));
      return this.#given(node, scope);
    } finally {
      if (wait !== undefined) this.over(wait);
      scheduler.unretain(node.id);
      this.#loop.pump();
    }
  }

  /** Code of a scope awaits a node from now on, until this is `over`. */
  begun(scope: CodeScope, node: RunNode): CodeAwait {
    const wait = { code: scope.node, node };
    this.#awaits.add(wait);
    return wait;
  }

  over(wait: CodeAwait): void {
    this.#awaits.delete(wait);
  }

  /** What code awaits just now. */
  get awaits(): Iterable<CodeAwait> {
    return this.#awaits;
  }

  /** A value for code that has awaited it, its own to change. What it made itself in a group or loop is its own already. */
  #given(node: RunNode, { isElsewhere }: CodeScope): unknown {
    const { work, value } = node;
    const isOwn = work.type === 'container' && work.body !== undefined;
    return isOwn || isElsewhere ? value : copyForReader(value);
  }

  /** The value of a run, for the engine's own use: nobody gives a slot back meanwhile. Rejects like `outcome`. */
  async value(node: RunNode): Promise<unknown> {
    const { scheduler } = this.#loop;
    scheduler.handle(node.id);
    scheduler.retain(node.id);
    try {
      await ended(node);
      if (!scheduler.hasSucceeded(node.id)) throw this.reasonOf(node);
      await this.bring(node);
      return node.value;
    } finally {
      scheduler.unretain(node.id);
    }
  }

  /** Brings an absent value into memory, computing it again if need be. Rejects if it is lost. */
  bring(node: RunNode): Promise<void> {
    if (this.#loop.scheduler.isAlive(node.id)) return Promise.resolve();
    let bringing = this.#bringing.get(node);
    if (bringing === undefined) {
      bringing = this.#bring(node).finally(() => this.#bringing.delete(node));
      this.#bringing.set(node, bringing);
    }
    return bringing;
  }

  async #bring(node: RunNode): Promise<void> {
    const { scheduler } = this.#loop;
    while (!(await this.#values.fetch(node))) {
      this.#values.recompute(node);
      await ended(node);
      if (!scheduler.hasSucceeded(node.id)) throw this.reasonOf(node);
    }
  }

  /** Resolves once nothing that a run has submitted is under way; a task holds no slot meanwhile. */
  async childrenEnded(parent: RunNode): Promise<void> {
    const open = (): RunNode | undefined => this.#loop.nodes.get(this.#loop.scheduler.openChildOf(parent.id));
    while (open() !== undefined) {
      await this.withoutSlot(parent, async () => {
        for (let child = open(); child !== undefined; child = open()) await ended(child);
      });
    }
  }

  /** How a run ended, as `settled` tells it: never rejects. Its value is fetched. A snapshot if it has not ended. */
  async settled(node: RunNode): Promise<Settled<unknown>> {
    const { scheduler } = this.#loop;
    if (!scheduler.hasSucceeded(node.id) || scheduler.isAlive(node.id)) return this.snapshot(node);
    try {
      await this.bring(node);
    } catch (error) {
      // Its value is lost, or the run ended while it was computed again.
      if (scheduler.hasSucceeded(node.id)) return { state: 'failed', error: asError(error) };
    }
    return this.snapshot(node);
  }

  /** The same at once; a value that is not in memory is left out, so bring it first. */
  snapshot(node: RunNode): Settled<unknown> {
    const state = stateOf(this.#loop.scheduler.stateOf(node.id));
    if (state === 'completed' || state === 'cached') return { state, value: node.value };
    return { state, error: this.reasonOf(node) };
  }

  /** Is it what code got by awaiting a run that had not succeeded? */
  isFailure(error: unknown): boolean {
    return error instanceof Error && this.#failures.has(error);
  }

  #failureOf(node: RunNode): Error {
    const error = this.reasonOf(node);
    this.#failures.add(error);
    return error;
  }

  /** The error that stands for a run that did not succeed. */
  reasonOf(node: RunNode): Error {
    const state = this.#loop.scheduler.stateOf(node.id);
    if (node.error !== undefined) return asError(node.error);
    if (state < FIRST_ENDED) return notEnded(node, stateOf(state));
    if (state === STATE_CODE.skipped) return skipped(`${node.name} was skipped`);
    if (state === STATE_CODE.upstream_failed) return upstreamFailed(node, undefined);
    return cancelledError(node, `it is ${stateOf(state)}`);
  }

  /** Runs `wait` while this task, stage or flow holds no slot. */
  async withoutSlot<T>(waiter: RunNode, wait: () => Promise<T>): Promise<T> {
    const { scheduler } = this.#loop;
    const { token } = waiter;
    scheduler.wait(waiter.id);
    this.#deadlines.pause(waiter);
    this.#loop.pump();
    try {
      return await wait();
    } finally {
      if (waiter.token === token && !scheduler.unwait(waiter.id)) {
        this.#loop.pump();
        await new Promise<void>((resolve) => {
          (waiter.goesOn ??= []).push(resolve);
        });
      }
      // What belongs to a later attempt is not this one's to change.
      if (waiter.token === token) this.#deadlines.resume(waiter);
    }
  }

  /**
   * A node's end, waited for without a slot. It is wanted back in the very turn in which the node ends, so that nobody
   * who has not started gets it first.
   */
  async #endWithoutSlot(waiter: RunNode, node: RunNode): Promise<void> {
    const { scheduler } = this.#loop;
    const { token } = waiter;
    scheduler.wait(waiter.id);
    this.#deadlines.pause(waiter);
    this.#loop.pump();
    await new Promise<void>((resolve) => {
      whenEnded(node, () => {
        if (waiter.token !== token || scheduler.unwait(waiter.id)) {
          resolve();
        } else {
          (waiter.goesOn ??= []).push(resolve);
          this.#loop.pump();
        }
      });
    });
    this.#deadlines.resume(waiter);
  }

  /** A run that waited has its slot again, or must stop: its code goes on. */
  goOn(waiter: RunNode): void {
    const resolves = waiter.goesOn ?? [];
    waiter.goesOn = undefined;
    for (const resolve of resolves) resolve();
  }
}

/** While the code of a group or loop executes, who awaits it does not wait: that is their own code. */
async function bodyOver({ work }: RunNode): Promise<void> {
  if (work.type === 'container' && work.body !== undefined) await work.body;
}

/** Nothing is brought back for code whose attempt is over, and it keeps no later attempt waiting. */
function assertOpen(scope: CodeScope, node: RunNode): void {
  if (scope.isClosed) throw awaitedTooLate(node, scope.node);
}
