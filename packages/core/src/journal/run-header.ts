/** Written once when a run is created; immutable afterwards. */
export interface RunHeader {
  /** Time-ordered, unique, lower-case text; safe in paths and URLs. */
  readonly id: string;
  readonly flow: string;
  /** URL or path of the module that exports the flow, so that `sidereal resume` can load it; may be empty. */
  readonly module: string;
  /** Export name or flow name to look for in the module. */
  readonly entry: string;
  readonly version: string;
  readonly tags: readonly string[];
  /** The flow's input as given, JSON; with `codec` bytes when JSON cannot carry it. */
  readonly input: string;
  /** The input by the engine's value codec, for resume. */
  readonly inputBytes: Uint8Array;
  /** Milliseconds since the epoch that all `timeUs` count from. */
  readonly originMs: number;
  /** Who and what: host, user, pid, node and sidereal versions, argv, cwd, git commit where known. JSON. */
  readonly provenance: string;
}
