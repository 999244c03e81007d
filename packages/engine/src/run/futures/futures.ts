import { STATE_CODE, type StateCode } from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { codeScopeOf, type CodeScope } from '../nodes/code-scope.ts';
import { ended } from '../nodes/ended.ts';
import { RETAINED, SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Eviction } from '../values/eviction.ts';
import { RunFuture, type FutureHost } from './run-future.ts';
import type { Waiting } from './waiting.ts';

/** Bytes from which a value is worth watching for whether its future is still held. */
const LARGE_BYTES = 64 * 1024;

export interface FutureParts {
  readonly loop: RunLoop;
  readonly waiting: Waiting;
  readonly eviction: Eviction;
  /** May what consumes this node be taken from an earlier attempt? */
  readonly mayReuse: (node: RunNode) => boolean;
}

/**
 * The futures of a run. Values live while somebody may still use a future of theirs: until the code that got
 * the future has ended, or, for large values, until the future is out of reach.
 */
export class Futures implements FutureHost {
  readonly #loop: RunLoop;
  readonly #waiting: Waiting;
  readonly #eviction: Eviction;
  readonly #mayReuse: FutureParts['mayReuse'];
  readonly #held = new FinalizationRegistry<RunNode>((node) => this.release(node));

  constructor({ loop, waiting, eviction, mayReuse }: FutureParts) {
    this.#mayReuse = mayReuse;
    this.#loop = loop;
    this.#waiting = waiting;
    this.#eviction = eviction;
  }

  /** A future for the caller; the value is kept at least while the future may be used. */
  futureOf(scope: CodeScope, node: RunNode): RunFuture {
    const future = new RunFuture(this, scope, node);
    this.retain(future, scope, node);
    return future;
  }

  retain(future: RunFuture, scope: CodeScope, node: RunNode): void {
    if (this.hold(node)) scope.retained(node);
    if (node.work.type === 'container') this.#held.register(future, node);
    else node.future = new WeakRef(future);
  }

  /** Keeps a node's value until `release`; false if it is kept already. */
  hold(node: RunNode): boolean {
    if (node.has(RETAINED)) return false;
    node.set(RETAINED);
    this.#loop.scheduler.retain(node.id);
    return true;
  }

  /** A value has come: if it is large, it is let go as soon as its future is out of reach and nothing consumes it. */
  watch(node: RunNode, bytes: number): void {
    const { future } = node;
    node.future = undefined;
    if (bytes <= LARGE_BYTES || future === undefined) return;
    const held = future.deref();
    if (held === undefined) this.release(node);
    else this.#held.register(held, node);
  }

  /** Its future is out of reach, or its caller has ended: the value lives on only if something consumes it. */
  release(node: RunNode): void {
    if (!node.has(RETAINED) || this.#loop.isClosed) return;
    node.clear(RETAINED);
    this.#loop.scheduler.unretain(node.id);
    if (node.work.type === 'container') node.work.unretained?.();
    if (this.#loop.scheduler.hasInstructions) this.#loop.pump();
  }

  /** The code of a scope is over: the futures that it got are out of reach. */
  releaseAll(scope: CodeScope): void {
    for (const node of scope.takeRetained()) this.release(node);
  }

  scopeNow(scope: CodeScope): CodeScope {
    const current = codeScopeOf(ambient.storage.getStore());
    return current !== undefined && current.node.top === scope.node.top ? current : scope;
  }

  isOpen(scope: CodeScope): boolean {
    return this.#loop.isOpen(scope);
  }

  stateOf(node: RunNode): StateCode {
    // One that has left memory has completed.
    return node.id < 0 ? STATE_CODE.completed : this.#loop.scheduler.stateOf(node.id);
  }

  present(node: RunNode): RunNode {
    return node.id >= 0 ? node : this.#eviction.readopt(node);
  }

  undecided(node: RunNode): Promise<void> | undefined {
    const isOpen = node.work.type === 'container' && !node.has(SETTLED);
    return isOpen && this.#mayReuse(node) ? ended(node) : undefined;
  }

  handle(node: RunNode): void {
    this.#loop.scheduler.handle(node.id);
  }

  holdingNoSlot<T>(scope: CodeScope, wait: () => Promise<T>): Promise<T> {
    return scope.isClosed ? wait() : this.#waiting.withoutSlot(scope.owner, wait);
  }

  outcome(node: RunNode, scope: CodeScope): Promise<unknown> {
    return this.#waiting.outcome(node, scope);
  }
}
