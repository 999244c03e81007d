import { FutureGuard } from '../../future-guard.ts';
import type { RemoteFuture } from '../runner.ts';
import type { ChildCalls, MadeCall } from './child-calls.ts';

/**
 * The value of a call that a task in a thread has made. Lazy: the value travels here when it is awaited, and
 * never if it is only passed on to other calls.
 */
export class ThreadFuture<T = unknown> extends FutureGuard implements PromiseLike<T> {
  readonly made: MadeCall;
  readonly item: number | undefined;
  /** Its own, not the prototype's: so a future left inside a result cannot be cloned, and that is an error. */
  readonly then: PromiseLike<T>['then'];
  readonly #ask: () => Promise<T>;
  #value: Promise<T> | undefined;

  constructor(made: MadeCall, item: number | undefined, ask: () => Promise<T>) {
    super();
    this.made = made;
    this.item = item;
    this.#ask = ask;
    this.then = (onFulfilled, onRejected) => this.#promise().then(onFulfilled, onRejected);
  }

  protected override summary(): readonly string[] {
    return [this.made.name];
  }

  catch<R = never>(onRejected: (reason: unknown) => R | PromiseLike<R>): Promise<T | R> {
    return this.#promise().catch(onRejected);
  }

  finally(onFinally: () => void): Promise<T> {
    return this.#promise().finally(onFinally);
  }

  /** How other calls of the same job refer to it. */
  reference(): RemoteFuture {
    const { call } = this.made;
    return this.item === undefined ? { '@sidereal/call': call } : { '@sidereal/call': call, item: this.item };
  }

  #promise(): Promise<T> {
    this.#value ??= this.#ask();
    return this.#value;
  }
}

/** The values of a map that a task in a thread has made. */
export class ThreadMapFuture extends ThreadFuture<unknown[]> {
  readonly isMap = true;
  /** Number of its items, once known. */
  readonly size: () => number | Promise<number>;
  readonly #calls: ChildCalls;

  constructor(made: MadeCall, calls: ChildCalls, size: () => number | Promise<number>) {
    super(made, undefined, async () => {
      const values = await calls.ask(made, undefined);
      return Array.isArray(values) ? Array.from<unknown>(values) : [values];
    });
    this.#calls = calls;
    this.size = size;
  }

  /** The futures of its items, of which there are `size`. */
  items(size: number): ThreadFuture[] {
    return Array.from({ length: size }, (_, item) => {
      return new ThreadFuture(this.made, item, () => this.#calls.ask(this.made, item));
    });
  }
}
