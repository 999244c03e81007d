/** What there is to say about an error code. Plain sentences; code in backquotes. */
export interface Explanation {
  /** What has happened. */
  readonly meaning: string;
  /** Why that comes about. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

export type Explanations = Readonly<Record<string, Explanation>>;
