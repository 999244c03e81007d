/** An error as the journal keeps it; causes and grouped errors are bounded in depth and number. */
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
}
