import { FutureGuard } from '../../future/future-guard.ts';
import type { FutureReference } from '../request.ts';

/** An operation that was asked for: in which job, under which number, and when it is on its way if that has to wait. */
export interface MadeOperation {
  /** Identity of the job. */
  readonly job: object;
  readonly number: number;
  /** Of the task or flow that was called, or the kind of operation. */
  readonly name: string;
  readonly submitted: Promise<void> | undefined;
}

/**
 * The value of an operation that a job elsewhere has asked for. Lazy: the value travels here when it is awaited,
 * and never if it is only passed on to other calls.
 */
export class RemoteFuture<T = unknown> extends FutureGuard implements PromiseLike<T> {
  readonly made: MadeOperation;
  readonly item: number | undefined;
  /** Its own, not the prototype's: so a future left inside a result cannot be cloned, and that is an error. */
  readonly then: PromiseLike<T>['then'];
  readonly #ask: () => Promise<T>;
  #value: Promise<T> | undefined;

  constructor(made: MadeOperation, item: number | undefined, ask: () => Promise<T>) {
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

  /** How other operations of the same job refer to it. */
  reference(): FutureReference {
    const { number } = this.made;
    return this.item === undefined
      ? { '@sidereal/call': number }
      : { '@sidereal/call': number, item: this.item };
  }

  #promise(): Promise<T> {
    this.#value ??= this.#ask();
    return this.#value;
  }
}

/** Asks for the value of an operation, or of one item of it. */
export type AskValue = (made: MadeOperation, item: number | undefined) => Promise<unknown>;

/** The values of a map that a job elsewhere has asked for. */
export class RemoteMapFuture extends RemoteFuture<unknown[]> {
  readonly isMap = true;
  /** Number of its items, once known. */
  readonly size: () => number | Promise<number>;
  readonly #askItem: AskValue;

  constructor(made: MadeOperation, ask: AskValue, size: () => number | Promise<number>) {
    super(made, undefined, async () => {
      const values = await ask(made, undefined);
      return Array.isArray(values) ? Array.from<unknown>(values) : [values];
    });
    this.#askItem = ask;
    this.size = size;
  }

  /** The futures of its items, of which there are `size`. */
  items(size: number): RemoteFuture[] {
    return Array.from(
      { length: size },
      (_, item) => new RemoteFuture(this.made, item, () => this.#askItem(this.made, item)),
    );
  }
}
