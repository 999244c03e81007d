import { stateOf } from '@sidereal/core';
import { ambient } from '../ambient.ts';
import type { TaskFuture } from '../future.ts';
import { FutureGuard } from '../future-guard.ts';
import { DutyPromise } from './duty-promise.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import type { RunNode } from './run-node.ts';
import type { Scope } from '../scope.ts';

/** The scope of the code that executes just now, if it belongs to this run. */
export function currentIn(run: FlowRun): MainScope | undefined {
  const current = ambient.storage.getStore();
  return current !== undefined && isScopeOf(current, run) ? current : undefined;
}

/** Told by the run that it belongs to, so that scopes may make futures. */
function isScopeOf(scope: Scope, run: FlowRun): scope is MainScope {
  return 'run' in scope && scope.run === run;
}

/**
 * The future of one run. Lazy: it makes a promise only when somebody waits. `node` is absent while the call
 * itself still waits for a plain promise among its arguments.
 */
export class RunFuture extends FutureGuard implements TaskFuture<unknown> {
  readonly run: FlowRun;
  readonly #scope: MainScope;
  #node: RunNode | undefined;
  readonly #submitted: Promise<RunNode> | undefined;
  /** Somebody has awaited it with a rejection path. */
  isHandled = false;

  constructor(run: FlowRun, scope: MainScope, node: RunNode | Promise<RunNode>) {
    super();
    this.run = run;
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
    return node === undefined ? ['a call', 'not submitted'] : [node.name, stateOf(node.state)];
  }

  /** Its run, once submitted. */
  get node(): RunNode | undefined {
    const node = this.#node;
    return node === undefined || node.id >= 0 ? node : this.run.retirement.readopt(node);
  }

  /** The same future as another object: whoever holds it does not hold the value. */
  detached(): RunFuture {
    return new RunFuture(this.run, this.#scope, this.#node ?? this.submitted);
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
    const scope = currentIn(this.run) ?? this.#scope;
    const duty = {
      handled: () => this.#handle(),
      rejected: (reason: unknown, isTaken: () => boolean) => this.#dropped(scope, reason, isTaken),
    };
    return DutyPromise.of(outcome, duty).then(onFulfilled);
  }

  /** A promise made of it has rejected, and nobody has taken that so far. */
  #dropped(scope: MainScope, reason: unknown, isTaken: () => boolean): void {
    // That the run has failed is known: its own failure is not handled.
    if (reason === this.node?.error) return;
    if (scope.isOpen) scope.dropped(reason, isTaken);
    else throw reason;
  }

  /** The value, for the code that asks just now. */
  protected async outcome(): Promise<unknown> {
    const scope = currentIn(this.run) ?? this.#scope;
    return this.run.waiting.outcome(this.node ?? (await this.submitted), scope);
  }

  /** Somebody takes care of its failure, should it fail. */
  #handle(): void {
    if (this.isHandled) return;
    this.isHandled = true;
    const handle = ({ id }: RunNode): void => this.run.scheduler.handle(id);
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
