import type { ValueClass } from '@sidereal/core';

/** What is not copied as the value of its own that it would be. */
export interface CopyRules {
  /** What stands for a future or promise; absent: itself. */
  readonly replace?: ((thenable: object) => unknown) | undefined;
  /** What stands for a large array, or undefined to copy it; absent: all are copied. */
  readonly takeView?: ((view: ArrayBufferView) => ArrayBufferView | undefined) | undefined;
  /** Is it to be kept as it is, because nobody changes it? */
  readonly isShared?: ((value: object) => boolean) | undefined;
  /** What an object becomes instead of a copy; undefined for most. */
  readonly translate?: ((value: object, valueClass: ValueClass) => Translation | undefined) | undefined;
  /** The copy is given up when it would take more memory than this; texts, which are not copied, do not count. */
  readonly maxBytes?: number | undefined;
}

/** What an object becomes: something new, and how it is filled with copies of parts once it is known. */
export interface Translation {
  readonly copy: object;
  readonly fill: (copyOf: (part: unknown) => unknown) => void;
}
