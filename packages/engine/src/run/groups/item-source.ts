import { SiderealError } from '@sidereal/core';
import { isThenable } from '../../future/future.ts';
import { previewValue } from '../../results/preview.ts';

/** What takes the items. */
export interface ItemSink {
  /** Items that it has taken and that are not done with. */
  outstanding(): number;
  /** Takes an item; a promise holds back the next one. */
  item(item: unknown, index: number): void | Promise<void>;
  /** There are no more. */
  complete(): void;
  failed(error: unknown): void;
  /** The user's line that gave the items. */
  at(): string | undefined;
  /** Calls the user's iterator in the context of the code that gave it. */
  within<T>(step: () => T): T;
}

/**
 * Pulls items out of an iterable, an async iterable or a promise of an iterable while the sink has room.
 * `pull` is called again whenever there may be room again. Items that all wait for something that needs every
 * item of them would wait for ever: when nothing else can move, the run widens the window.
 */
export class ItemSource {
  readonly #items: unknown;
  readonly #sink: ItemSink;
  readonly name: string;
  readonly #step: number;
  #window: number;
  #iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #index = 0;
  #isPulling = false;
  #isDone = false;

  /** `window` bounds the items outstanding. */
  constructor(items: unknown, name: string, window: number, sink: ItemSink) {
    this.#items = items;
    this.name = name;
    this.#step = window;
    this.#window = window;
    this.#sink = sink;
  }

  /** Items that may be outstanding just now. */
  get window(): number {
    return this.#window;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Are there items that the window holds back? */
  get isFull(): boolean {
    return !this.#isDone && this.#sink.outstanding() >= this.#window;
  }

  /** Nothing else can move: takes as many again. */
  widen(): void {
    this.#window *= 2;
    this.pull();
  }

  /** Nothing has moved for long: takes as many more as it took at first. */
  extend(): void {
    this.#window += this.#step;
    this.pull();
  }

  /** Takes no more; the iterator is told, so that a generator runs its `finally`. */
  stop(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const iterator = this.#iterator;
    if (iterator?.return === undefined) return;
    const close = async (): Promise<void> => {
      await this.#sink.within(() => iterator.return?.());
    };
    // What it has to say now is of no consequence: the items are not wanted any more.
    close().catch(() => undefined);
  }

  pull(): void {
    if (this.#isPulling || this.#isDone) return;
    this.#isPulling = true;
    try {
      const pending = this.#pullSome();
      if (pending === undefined) {
        this.#isPulling = false;
        return;
      }
      pending.then(
        () => {
          this.#isPulling = false;
          this.pull();
        },
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Takes items as long as that needs no waiting; a promise if it does. */
  #pullSome(): Promise<void> | undefined {
    if (this.#iterator === undefined) {
      const items = this.#items;
      if (isThenable(items) && !isIterable(items)) {
        return Promise.resolve(items).then((resolved) => {
          this.#iterator = this.#iteratorOf(resolved);
        });
      }
      this.#iterator = this.#iteratorOf(items);
    }
    while (!this.#isDone && !this.isFull) {
      const next = this.#next(this.#iterator);
      const pending = isThenable(next)
        ? Promise.resolve(next).then((result) => this.#take(result))
        : this.#take(next);
      if (pending !== undefined) return pending;
    }
    return undefined;
  }

  #iteratorOf(items: unknown): Iterator<unknown> | AsyncIterator<unknown> {
    if (typeof items === 'object' && items !== null) {
      if (Symbol.asyncIterator in items) return (items as AsyncIterable<unknown>)[Symbol.asyncIterator]();
      if (Symbol.iterator in items) return (items as Iterable<unknown>)[Symbol.iterator]();
    }
    throw new SiderealError('NOT_ITERABLE', `${this.name} was given ${previewValue(items)} to go through`, {
      at: this.#sink.at(),
      remedy: 'Give an array, an iterable, an async iterable, a map future, or a future of an array.',
    });
  }

  #next(
    iterator: Iterator<unknown> | AsyncIterator<unknown>,
  ): IteratorResult<unknown> | Promise<IteratorResult<unknown>> {
    return this.#sink.within(() => iterator.next());
  }

  #take(result: IteratorResult<unknown>): Promise<void> | undefined {
    if (this.#isDone) return undefined;
    if (result.done === true) {
      this.#isDone = true;
      this.#sink.complete();
      return undefined;
    }
    const index = this.#index;
    this.#index += 1;
    return this.#sink.item(result.value, index) ?? undefined;
  }

  #fail(error: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#sink.failed(error);
  }
}

function isIterable(items: unknown): boolean {
  return (
    typeof items === 'object' && items !== null && (Symbol.iterator in items || Symbol.asyncIterator in items)
  );
}
