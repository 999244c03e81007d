import { canonicalInputs, canonicalText, type CanonicalContext, type CanonicalText } from '@sidereal/core';
import { keyDigest, textDigest } from './digest.ts';
import { sharedText } from './shared-values.ts';
import type { ArraySnapshots } from './snapshots.ts';

/** Text that stands for a future; undefined for any other thing with a `then`. */
export type FutureText = (future: object) => string | undefined;

const NO_FUTURE: FutureText = () => undefined;

/** What tells values apart in one run: texts for keys, and digests to compare on reuse. */
export class ValueIdentity {
  readonly #known: CanonicalContext;
  readonly #copied: CanonicalContext;
  /** The same without what is known of shared values: they are written as they are now. */
  readonly #current: CanonicalContext;
  /** Of the arguments that are being written. */
  #futureText = NO_FUTURE;

  constructor(snapshots: ArraySnapshots) {
    this.#current = {
      futureKey: (future) => this.#futureText(future),
      digestText: textDigest,
      digestBytes: (bytes) => snapshots.digestBytes(bytes),
    };
    const write = (value: object): CanonicalText => canonicalText(value, this.#current);
    this.#known = { ...this.#current, knownText: (value) => sharedText(value, write) };
    this.#copied = { ...this.#known, isCopy: true };
  }

  /**
   * The text of a call's arguments, in which a future stands by what `futureText` gives. `isCopy`: they are a copy
   * of plain data whose lists are dense, which is faster to write.
   */
  textOf(args: readonly unknown[], futureText: FutureText = NO_FUTURE, isCopy = false): CanonicalText {
    this.#futureText = futureText;
    const written = canonicalInputs(args, isCopy ? this.#copied : this.#known);
    this.#futureText = NO_FUTURE;
    return written;
  }

  /** The text of one value as it is now, whatever is known of it. For {@link ValueWatch}. */
  currentText(value: object): string {
    return canonicalText(value, this.#current).text;
  }
}

/** The 16 bytes that are kept beside a key and compared on reuse: of the real arguments, also where `key` replaced them. */
export function argumentDigest(args: CanonicalText): Uint8Array {
  return args.text === '' ? NO_ARGUMENTS : keyDigest(args.text);
}

const NO_ARGUMENTS = keyDigest('');
