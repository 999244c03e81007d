import type { EntryKind } from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isThenable } from '../../future/future.ts';
import { findFutures, replaceFutures } from '../../data/futures-in-values.ts';
import { readHandle } from '../../handles/value-handle.ts';
import {
  performBy,
  type AuthorSide,
  type Operation,
  type OperationHandlers,
  type OperationKind,
  type OperationResults,
  type ScopeInfo,
} from '../../context/operation.ts';
import { Scope } from '../../context/scope.ts';
import type { JobOutcome } from '../runner.ts';

/** What a scope asks of its host. */
export interface ScopeHost {
  said(id: number, kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void;
  /** Runs a child of a job. */
  child(id: number, task: TaskDefinition, args: readonly unknown[]): Promise<JobOutcome>;
  /** Waits without a slot. */
  waited<T>(id: number, wait: Promise<T>): Promise<T>;
}

/** The run of a job under test: performs what its code asks for with children of its host, and no graph. */
export class HostScope extends Scope {
  readonly info: ScopeInfo;
  readonly #host: ScopeHost;
  readonly #id: number;
  readonly #abort: AbortController;

  constructor(host: ScopeHost, id: number, info: ScopeInfo, abort = new AbortController()) {
    super();
    this.#host = host;
    this.#id = id;
    this.info = info;
    this.#abort = abort;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K] {
    return performBy(HostScope.#handlers, this, operation);
  }

  static readonly #handlers: OperationHandlers<HostScope> = {
    call: (scope, { task, args, site }) => scope.#future(scope.#child(task, args, site.after)),
    stage: (scope) => scope.#future(Promise.resolve(undefined)),
    map: (scope, { target, source, site }) => {
      if (target.kind === 'flow') throw new Error('flows are not mapped here');
      const items = Promise.resolve(source.items).then((list) => Array.fromAsync(list as Iterable<unknown>));
      const children = items.then((list) =>
        list.map((item, index) => scope.#child(target, source.args?.(item, index) ?? [item], site.after)),
      );
      return new HostMapFuture(children, (wait) => scope.#host.waited(scope.#id, wait));
    },
    reduce: (scope, { task, source, site }) => {
      const items = Promise.resolve(source.items).then((list) => Array.fromAsync(list as Iterable<unknown>));
      return scope.#future(items.then((list) => scope.#child(task, list.slice(0, source.arity), site.after)));
    },
    settled: (scope, { future }) =>
      scope.#future(
        outcomeOf(future).then(
          (value) => ({ state: 'completed', value }),
          (error: unknown) => ({ state: 'failed', error }),
        ),
      ),
    container: (scope, { container, name, identity, body }) => {
      const key = [scope.info.key, container, name, ...identity].join('/');
      const inner = new HostScope(scope.#host, scope.#id, { ...scope.info, key, name }, scope.#abort);
      const value = Promise.resolve().then(() => ambient.storage.run(inner, body, inner));
      value.catch(() => {}); // Whoever awaits the container learns of it.
      return scope.#future(value);
    },
    say: (scope, { entry, body, once }) => scope.#host.said(scope.#id, entry, body, once),
    effect: (_scope, { read }) => read(),
  };

  #future(outcome: Promise<unknown>): HostFuture {
    return new HostFuture(outcome, (wait) => this.#host.waited(this.#id, wait));
  }

  async #child(
    task: TaskDefinition,
    args: readonly unknown[],
    after: readonly PromiseLike<unknown>[],
  ): Promise<unknown> {
    const values = new Map<unknown, unknown>();
    for (const future of findFutures(args).filter(isThenable)) values.set(future, await outcomeOf(future));
    for (const future of after) await outcomeOf(future);
    const given = args.map((arg) => replaceFutures(arg, (future) => values.get(future)));
    const outcome = await this.#host.child(this.#id, task, given);
    if (outcome.type === 'returned') return readHandle(outcome.value);
    throw outcome.type === 'displaced' ? new Error(outcome.why) : outcome.error;
  }
}

type Wait = <T>(wait: Promise<T>) => Promise<T>;

/** The value of a child: who awaits it gives the slot back meanwhile. */
export class HostFuture<T = unknown> implements PromiseLike<T> {
  readonly outcome: Promise<T>;
  readonly #wait: Wait;

  constructor(outcome: Promise<T>, wait: Wait) {
    outcome.catch(() => {}); // Whoever awaits the future learns of it.
    this.outcome = outcome;
    this.#wait = wait;
  }

  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#wait(this.outcome).then(onFulfilled, onRejected);
  }
}

/** The values of a map's children, and the future of each. */
export class HostMapFuture extends HostFuture<unknown[]> {
  readonly #children: Promise<Promise<unknown>[]>;
  readonly #waitItem: Wait;

  constructor(children: Promise<Promise<unknown>[]>, wait: Wait) {
    super(
      children.then((all) => Promise.all(all)),
      wait,
    );
    this.#children = children;
    this.#waitItem = wait;
  }

  item(index: number): HostFuture {
    return new HostFuture(
      this.#children.then((all) => all[index]),
      this.#waitItem,
    );
  }
}

/** What a future comes to, without giving a slot back. */
async function outcomeOf(future: PromiseLike<unknown>): Promise<unknown> {
  if (future instanceof HostFuture) return future.outcome;
  return isThenable(future) ? await future : future;
}
