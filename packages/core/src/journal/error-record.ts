/**
 * An error, or anything else that was thrown, as plain data: in the journal, and between threads. Causes and
 * grouped errors are bounded in depth and number.
 */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly remedy?: string;
  /** The user's own line, `file:line:column`. */
  readonly at?: string;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
  readonly errors?: readonly ErrorRecord[];
  /** The class of the language that it is an instance of, if `name` does not say so: `TypeError`. */
  readonly base?: string;
  /** Further properties of its own, as far as they are plain data. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** What was thrown, if it was no error; `message` tells it in words. */
  readonly thrown?: { readonly value: unknown };
}
