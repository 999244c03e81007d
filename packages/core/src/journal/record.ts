/**
 * What a journal holds. A run is its journal: everything else (rows, counters, screens, resume) is derived.
 *
 * A journal is a numbered sequence of **batches**; a batch is an ordered sequence of **records** held as
 * columns (`batch-codec.ts`). One journal belongs to one top-level flow run; the stages, groups, loops and
 * task runs in it are **nodes**, numbered from 0 (the flow run itself) in order of first declaration. A
 * node's number (`idx`) never changes and is never reused, also across resumes; its identity in the flow is
 * its task key.
 *
 * Times are microseconds since the journal's origin (`RunHeader.originMs`), as float64.
 */

/** What a node is. Codes are part of the journal format: append, never renumber. */
export const NODE_KINDS = ['flow', 'stage', 'task', 'map', 'reduce', 'loop', 'cycle', 'group'] as const;
export type NodeKind = (typeof NODE_KINDS)[number];
export const NODE_KIND_CODE = Object.freeze(
  Object.fromEntries(NODE_KINDS.map((kind, code) => [kind, code])),
) as Readonly<Record<NodeKind, number>>;

/** What an entry is. Codes are part of the journal format: append, never renumber. */
export const ENTRY_KINDS = [
  'log', // { level, message, fields? }
  'error', // ErrorRecord: why an attempt failed
  'qa', // { name, score, metric, message?, scope? }
  'artifact', // { name, type: markdown|table|image|file|link, … }
  'metric', // { name, value, unit? }, of a loop's cycle
  'progress', // { done, total?, message? }
  'effect', // { call, value }: what run.now(), run.random() … gave, keyed
  'note', // { code, message, … }: warnings of the engine itself (changed code, memory overshoot …)
  'exit', // { reason, cycles }: why a loop ended
  'map', // { size }: a map group's header, once its items are counted
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];
export const ENTRY_KIND_CODE = Object.freeze(
  Object.fromEntries(ENTRY_KINDS.map((kind, code) => [kind, code])),
) as Readonly<Record<EntryKind, number>>;

/** Why a node is in its state, wherever a person would ask. Codes are open-ended strings; these are ours. */
export type ReasonCode = string;

/** A name in the journal's own table: the string of a task, stage, group or loop, with where it is defined. */
export interface NameRecord {
  /** Small integer, unique in the journal; nodes refer to it. */
  readonly id: number;
  readonly name: string;
  /** Module of the definition as a URL or path relative to the project; empty for groups and loops. */
  readonly module: string;
  /** Fingerprint of the code, to warn when a resumed run meets changed code. Empty if not applicable. */
  readonly code: string;
  /** Runner that it asks for: `inline`, `threads`, …; empty for groups and loops. */
  readonly runner: string;
  /** Tags of what has this name; the same task called with other tags has another name record. */
  readonly tags: readonly string[];
}

/** A node appears in the journal for the first time; its state is `pending`. */
export interface DeclareRecord {
  readonly idx: number;
  /** 16 bytes: the task key. */
  readonly key: Uint8Array;
  readonly parent: number;
  /** The map, reduce, cycle or group node that it belongs to for display and counting, or -1. */
  readonly group: number;
  /** The innermost stage (or the flow run, 0) that it is counted under. */
  readonly stage: number;
  readonly kind: NodeKind;
  readonly nameId: number;
  readonly timeUs: number;
  /** Bit 0: durability strict. Bit 1: persist. */
  readonly flags: number;
  /** Nodes that it consumes, in argument order. */
  readonly upstream: readonly number[];
  /** Bounded, human-readable preview of its inputs. */
  readonly inputs: string;
}

/** A node enters a state. */
export interface TransitionRecord {
  readonly idx: number;
  readonly state: number;
  /** 0 until the first attempt starts; then the number of the attempt that this is about. */
  readonly attempt: number;
  readonly timeUs: number;
  /** Lane (thread, slot) that executes it, or -1. */
  readonly lane: number;
  /** Empty when nobody would ask. */
  readonly reason: ReasonCode;
  readonly message: string;
}

/** How a completed node's value is kept. Codes are part of the journal format. */
export const VALUE_STORAGE = { none: 0, inline: 1, file: 2 } as const;
export type ValueStorage = (typeof VALUE_STORAGE)[keyof typeof VALUE_STORAGE];

/** A node's value: inline bytes (encoded by the engine's value codec), a reference to a file, or nothing durable. */
export interface ValueRecord {
  readonly idx: number;
  readonly attempt: number;
  readonly storage: ValueStorage;
  /** inline: the encoded value. file: UTF-8 of the content address. none: a UTF-8 preview. */
  readonly bytes: Uint8Array;
  /** Size of the value in memory or file, bytes. */
  readonly size: number;
}

/** Something said or made while a node ran. */
export interface EntryRecord {
  readonly idx: number;
  readonly attempt: number;
  readonly kind: EntryKind;
  readonly timeUs: number;
  /** 16 bytes if the entry happens once under this key (effects, artifacts, QA); empty otherwise. */
  readonly key: Uint8Array;
  /** JSON. */
  readonly body: string;
}

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
