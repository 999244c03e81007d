/**
 * The one base class of every error that Sidereal raises on purpose.
 *
 * Rules: an error is told apart by `code`, never by its message; the message says what happened and with
 * which value; `remedy` says what to do next; `at` is the user's own line; `cause` keeps what lies beneath.
 */
export interface SiderealErrorOptions {
  /** What the user can do about it, as one or two imperative sentences. */
  readonly remedy: string;
  /** The user's own line, `file:line:column`, when it is known. */
  readonly at?: string | undefined;
  readonly cause?: unknown;
}

export class SiderealError<Code extends string = string> extends Error {
  override readonly name = 'SiderealError';
  readonly code: Code;
  readonly remedy: string;
  readonly at: string | undefined;

  constructor(code: Code, message: string, options: SiderealErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
    this.at = options.at;
  }
}

/** Is `error` a {@link SiderealError}, from whichever copy of the package, and (if given) of this code? */
export function isSiderealError<Code extends string = string>(
  error: unknown,
  code?: Code,
): error is SiderealError<Code> {
  if (!(error instanceof Error) || error.name !== 'SiderealError' || !('code' in error)) return false;
  return code === undefined || error.code === code;
}

/** Narrowing of the impossible: exhaustive `switch` statements end here. */
export function unreachable(value: never, what = 'value'): never {
  throw new SiderealError('INTERNAL', `unexpected ${what}: ${String(value)}`, {
    remedy: 'This is a defect in Sidereal; report it with the message and the run id.',
  });
}
