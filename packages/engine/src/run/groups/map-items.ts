import { STATE_CODE } from '@sidereal/core';
import type { Settled } from '../../future/future.ts';
import type { Futures } from '../futures/futures.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { ended } from '../nodes/ended.ts';
import { noItem } from '../nodes/node-errors.ts';
import { RETAINED, SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Eviction } from '../values/eviction.ts';
import { ItemLedger } from './item-ledger.ts';

export interface MapItemParts {
  readonly loop: RunLoop;
  readonly futures: Futures;
  readonly waiting: Waiting;
  readonly eviction: Eviction;
}

/**
 * The items of a map that have been submitted: their futures, their values, and how long those live. An item
 * that nobody can ask for but by the record is reduced to its number and key.
 */
export class MapItems {
  readonly #parts: MapItemParts;
  readonly #scope: CodeScope;
  /** The map itself. */
  readonly #group: () => RunNode;
  readonly #ledger = new ItemLedger();
  /** Items that are asked for before they are submitted. */
  readonly #expected = new Map<number, PromiseWithResolvers<RunNode>>();

  constructor(parts: MapItemParts, scope: CodeScope, group: () => RunNode) {
    this.#parts = parts;
    this.#scope = scope;
    this.#group = group;
  }

  get length(): number {
    return this.#ledger.length;
  }

  /** The next item is submitted; its value is held until `release`. */
  add(node: RunNode): void {
    this.#ledger.push(node);
    this.#expected.get(node.at)?.resolve(node);
    this.#expected.delete(node.at);
    this.#parts.futures.hold(node);
  }

  /** Future of an item that is submitted. */
  futureOf(at: number): RunFuture {
    return new RunFuture(this.#parts.futures, this.#scope, this.#nodeAt(at));
  }

  /** Future of an item, submitted already or later. */
  futureOfAny(at: number): RunFuture {
    if (at < this.length) return this.futureOf(at);
    const { loop, waiting, futures } = this.#parts;
    const group = this.#group();
    const submitted = ended(group).then(() => {
      if (at < this.length) return this.#nodeAt(at);
      throw loop.scheduler.hasSucceeded(group.id) ? noItem(group.name, at) : waiting.reasonOf(group);
    });
    const item = this.#expected.get(at) ?? Promise.withResolvers<RunNode>();
    this.#expected.set(at, item);
    submitted.then(item.resolve, item.reject);
    return new RunFuture(futures, this.#scope, item.promise);
  }

  /** The values, in order of the items; skipped items are absent. */
  async values(): Promise<unknown[]> {
    const { loop, waiting } = this.#parts;
    const { scheduler } = loop;
    const values: unknown[] = [];
    for (let at = 0; at < this.length; at += 1) {
      const node = this.#nodeAt(at);
      // An item that is not completed any more is being computed again: its value is waited for.
      if (scheduler.stateOf(node.id) === STATE_CODE.skipped) continue;
      if (scheduler.isAlive(node.id)) {
        values.push(node.value);
        continue;
      }
      scheduler.retain(node.id);
      await waiting.bring(node);
      values.push(node.value);
      scheduler.unretain(node.id);
    }
    return values;
  }

  /** How each item ended, in order; values are fetched. */
  async settled(): Promise<Settled<unknown>[]> {
    const settled: Settled<unknown>[] = [];
    for (let at = 0; at < this.length; at += 1)
      settled.push(await this.#parts.waiting.settled(this.#nodeAt(at)));
    return settled;
  }

  /** From now on their consumers alone decide how long the values of items that have ended live. */
  releaseEnded(): void {
    for (let at = 0; at < this.length; at += 1) {
      const node = this.#ledger.node(at);
      if (node?.has(SETTLED) === true) this.release(node);
    }
  }

  /** The same for one item. */
  release(node: RunNode): void {
    this.#parts.futures.release(node);
    this.evict(node);
  }

  /** Keeps no more of an item than its number and key, if its record is all that anybody can ask for. */
  evict(node: RunNode): void {
    if (!node.has(RETAINED) && this.#parts.eviction.evict(node)) this.#ledger.setNode(node.at, undefined);
  }

  #nodeAt(at: number): RunNode {
    const node = this.#ledger.node(at);
    if (node !== undefined) return node;
    const revived = this.#parts.eviction.revive(
      this.#ledger.idxOf(at),
      this.#ledger.keyOf(at),
      this.#group(),
      at,
    );
    this.#ledger.setNode(at, revived);
    return revived;
  }
}
