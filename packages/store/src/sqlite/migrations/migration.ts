/** One step of the database's schema. Steps are numbered without a gap, append-only, and never edited once released. */
export interface Migration {
  readonly version: number;
  /** What it brings, for the log. */
  readonly name: string;
  readonly sql: string;
}
