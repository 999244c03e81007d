import { SiderealError } from '@sidereal/core';

interface WatchedValue {
  readonly text: string;
  /** Who read it since it was last found whole, in order. */
  readonly readers: Set<string>;
}

/**
 * Debug mode's eye on values that several readers see as one and nobody is to change: those declared with
 * `shared()`, and those that a task borrows. Each look compares a value with what it was at the first.
 */
export class ValueWatch {
  readonly #textOf: (value: object) => string;
  readonly #watched = new WeakMap<object, WatchedValue>();

  /** `textOf`: the canonical text of a value, written anew each time. */
  constructor(textOf: (value: object) => string) {
    this.#textOf = textOf;
  }

  /**
   * A reader is given a value. Throws `SHARED_VALUE_CHANGED` if it is not what it was, naming all that had it
   * since it was last found whole.
   */
  give(value: object, reader: string): void {
    const watched = this.#look(value, reader);
    // Whoever had it before has left it whole, unless it still runs: see `join`.
    watched.readers.clear();
    watched.readers.add(reader);
  }

  /** The same while others that were given it still run: any of them may change it yet. */
  join(value: object, reader: string): void {
    this.#look(value, reader).readers.add(reader);
  }

  /** A reader has ended: the same check. */
  check(value: object, reader: string): void {
    this.#look(value, reader);
  }

  #look(value: object, reader: string): WatchedValue {
    const text = this.#textOf(value);
    let watched = this.#watched.get(value);
    if (watched === undefined) {
      watched = { text, readers: new Set() };
      this.#watched.set(value, watched);
    } else if (watched.text !== text) {
      throw sharedValueChanged([...watched.readers], reader);
    }
    return watched;
  }
}

function sharedValueChanged(readers: readonly string[], reader: string): SiderealError {
  const since =
    readers.length === 0
      ? 'no task had it since it was last whole: the flow itself changed it'
      : `read since it was last whole by ${readers.join(', ')}`;
  return new SiderealError(
    'SHARED_VALUE_CHANGED',
    `a value that is shared has changed, as seen at ${reader} (${since})`,
    { remedy: 'Change a copy of it instead, or pass it without shared() and without borrowing.' },
  );
}
