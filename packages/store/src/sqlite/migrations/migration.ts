/** One step of the database's schema. Steps are numbered from 1, append-only, and never edited once released. */
export interface Migration {
  readonly version: number;
  /** What it brings, for the log. */
  readonly name: string;
  readonly sql: string;
}
