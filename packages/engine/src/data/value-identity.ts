import { canonicalInputs, canonicalText, type CanonicalContext, type CanonicalText } from '@sidereal/core';
import { keyDigest, textDigest } from './digest.ts';
import { sharedText } from './shared-values.ts';
import type { ArraySnapshots } from './snapshots.ts';

/** Text that stands for a future; undefined for any other thing with a `then`. */
export type FutureText = (future: object) => string | undefined;

const NO_FUTURE: FutureText = () => undefined;

/** What tells values apart in one run: texts for keys, and digests to compare on reuse. */
export class ValueIdentity {
  readonly #snapshots: ArraySnapshots;

  constructor(snapshots: ArraySnapshots) {
    this.#snapshots = snapshots;
  }

  /**
   * The text of a call's arguments. For its key a future stands by its producer's key; for the digest of the
   * real arguments, by that key and the number of the completion whose value it was.
   */
  textOf(args: readonly unknown[], futureText: FutureText = NO_FUTURE): CanonicalText {
    if (args.length === 0) return canonicalInputs(args, this.#context(futureText));
    let isComplete = true;
    const context = this.#context(futureText, (known) => {
      isComplete &&= known.isComplete;
    });
    const written = canonicalInputs(args, context);
    return { text: written.text, isComplete: isComplete && written.isComplete };
  }

  /** The text of one value as it is now, whatever is known of it. For {@link ValueWatch}. */
  currentText(value: object): string {
    return canonicalText(value, { ...this.#context(NO_FUTURE), knownText: undefined }).text;
  }

  #context(futureKey: FutureText, seen: (known: CanonicalText) => void = () => undefined): CanonicalContext {
    const plain: CanonicalContext = {
      futureKey,
      digestText: textDigest,
      digestBytes: (bytes) => this.#snapshots.digestBytes(bytes),
    };
    return {
      ...plain,
      knownText: (value) => {
        // Without what is known: the value itself is what is written.
        const known = sharedText(value, (whole) => canonicalText(whole, plain));
        if (known !== undefined) seen(known);
        return known?.text;
      },
    };
  }
}

/** The 16 bytes that are kept beside a key and compared on reuse: of the real arguments, also where `key` replaced them. */
export function argumentDigest(args: CanonicalText): Uint8Array {
  return args.text === '' ? NO_ARGUMENTS : keyDigest(args.text);
}

const NO_ARGUMENTS = keyDigest('');
