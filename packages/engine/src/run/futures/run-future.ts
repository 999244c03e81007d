import { stateOf, type StateCode } from '@sidereal/core';
import { FutureGuard } from '../../future/future-guard.ts';
import type { TaskFuture } from '../../future/future.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { ChainedPromise } from './chained-promise.ts';

/** What futures of a run need of it. */
export interface FutureHost {
  /** The scope of the code that executes just now, if it belongs to the same run; else that which got the future. */
  scopeNow(scope: CodeScope): CodeScope;
  /** May code of this scope still submit something? */
  isOpen(scope: CodeScope): boolean;
  stateOf(node: RunNode): StateCode;
  /** A node, known to the scheduler again if it had left memory. */
  present(node: RunNode): RunNode;
  /** Resolves once it is known whether what a node gives is new; undefined if that does not matter, or is known. */
  undecided(node: RunNode): Promise<void> | undefined;
  /** Somebody takes care of the node's failure, should it fail. */
  handle(node: RunNode): void;
  /** Waits for something while the code of the scope holds no slot. */
  holdingNoSlot<T>(scope: CodeScope, wait: () => Promise<T>): Promise<T>;
  /** The node's value, for code in the scope. Rejects if it did not end well. */
  outcome(node: RunNode, scope: CodeScope): Promise<unknown>;
}

/**
 * The future of one run. Lazy: it makes a promise only when somebody waits. `node` is absent while the call
 * itself still waits for a plain promise among its arguments.
 */
export class RunFuture extends FutureGuard implements TaskFuture<unknown> {
  readonly host: FutureHost;
  readonly #scope: CodeScope;
  #node: RunNode | undefined;
  readonly #submitted: Promise<RunNode> | undefined;
  /** Somebody has awaited it with a rejection path. */
  isHandled = false;

  constructor(host: FutureHost, scope: CodeScope, node: RunNode | Promise<RunNode>) {
    super();
    this.host = host;
    this.#scope = scope;
    if (node instanceof Promise) {
      this.#submitted = node;
      node.then(
        (submitted) => {
          this.#node = submitted;
        },
        () => undefined,
      );
    } else {
      this.#node = node;
      this.#submitted = undefined;
    }
  }

  protected override summary(): readonly string[] {
    const node = this.#node;
    return node === undefined ? ['a call', 'not submitted'] : [node.name, stateOf(this.host.stateOf(node))];
  }

  /** Its run, once submitted. */
  get node(): RunNode | undefined {
    return this.#node === undefined ? undefined : this.host.present(this.#node);
  }

  /** Resolves with its run once that is submitted. */
  get submitted(): Promise<RunNode> {
    const { node } = this;
    if (this.#submitted === undefined && node !== undefined) return Promise.resolve(node);
    const late = this.#late();
    // Whoever made the call learns why it could not be submitted; who only looks need not.
    late.catch(() => undefined);
    return late;
  }

  /** The same; whoever asks looks after it if it cannot be submitted. */
  submittedHandled(): Promise<RunNode> {
    this.isHandled = true;
    return this.submitted;
  }

  async #late(): Promise<RunNode> {
    const submitted = await this.#submitted;
    const node = this.node ?? submitted;
    if (node === undefined) throw new TypeError('a future without a run');
    return node;
  }

  then<A = unknown, B = never>(
    onFulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const outcome = this.outcome();
    if (typeof onRejected === 'function') {
      this.#handle();
      return outcome.then(onFulfilled, onRejected);
    }
    const scope = this.host.scopeNow(this.#scope);
    const watch = {
      handled: () => this.#handle(),
      rejected: (reason: unknown, isTaken: () => boolean) => this.#dropped(scope, reason, isTaken),
    };
    return ChainedPromise.of(outcome, watch).then(onFulfilled);
  }

  /** A promise made of it has rejected, and nobody has taken that so far. */
  #dropped(scope: CodeScope, reason: unknown, isTaken: () => boolean): void {
    // That the run has failed is known: its own failure is not handled.
    if (reason === this.node?.error) return;
    if (this.host.isOpen(scope)) scope.dropped(reason, isTaken);
    else throw reason;
  }

  /** The value, for the code that asks just now. */
  protected async outcome(): Promise<unknown> {
    const scope = this.host.scopeNow(this.#scope);
    const { node } = this;
    return this.host.outcome(node ?? (await this.host.holdingNoSlot(scope, () => this.submitted)), scope);
  }

  /** Somebody takes care of its failure, should it fail. */
  #handle(): void {
    if (this.isHandled) return;
    this.isHandled = true;
    const handle = (node: RunNode): void => this.host.handle(node);
    if (this.node === undefined) this.submitted.then(handle, () => undefined);
    else handle(this.node);
  }

  catch<R = never>(onRejected: (reason: unknown) => R | PromiseLike<R>): Promise<unknown> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally: () => void): Promise<unknown> {
    return this.then(
      (value) => {
        onFinally();
        return value;
      },
      (reason: unknown) => {
        onFinally();
        throw reason;
      },
    );
  }
}
