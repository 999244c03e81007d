/**
 * What the read side gives: plain data, whole rows, names instead of codes. `run` is a run's id or any prefix
 * of it that only one run has. Times named `…Us` are microseconds since the run's `originMs`; what has not
 * happened is absent.
 */
import type { EntryKind, LogLevel, NodeKind, Reason, RunHeader, State, ValueStorage } from '@sidereal/core';
import type { Liveness } from '../lease/holder.ts';

export interface ListRunsOptions {
  readonly limit: number;
  readonly states?: readonly State[];
  readonly flow?: string;
  /** Id of a run: only runs that were created before it. */
  readonly before?: string;
}

/** A run as lists show it. */
export interface RunSummary {
  readonly id: string;
  readonly flow: string;
  readonly version: string;
  readonly tags: readonly string[];
  /** When it was created, milliseconds since the epoch; its times count from here. */
  readonly originMs: number;
  /** State of the flow run itself. A run whose process has gone still says `running`: see `liveness`. */
  readonly state: State;
  readonly reason?: Reason | undefined;
  readonly message?: string | undefined;
  readonly startedUs?: number | undefined;
  readonly endedUs?: number | undefined;
  readonly nodes: number;
  readonly liveness: Liveness;
}

/** Everything of a run but its parts. */
export interface RunDetail extends RunSummary {
  readonly header: RunHeader;
  /** Number of its lease: how often it was started or resumed. */
  readonly epoch: number;
  readonly batches: number;
  readonly records: number;
  readonly entries: number;
}

/** How many nodes of a kind are in a state, under one stage. */
export interface Counter {
  /** Node number of the stage; 0 is the flow run itself. */
  readonly stage: number;
  readonly kind: NodeKind;
  readonly state: State;
  readonly count: number;
}

/** Task runs that are alike: of one name, in one place of the flow, in one state. */
export interface Tally {
  /** The flow run, stage, group, map, reduce or cycle that they are children of, or for `nested` their stage. */
  readonly parent: number;
  /** They were called by task runs. */
  readonly isNested: boolean;
  readonly name: string;
  readonly state: State;
  readonly count: number;
  /** Earliest start and latest end among them. */
  readonly startedUs?: number | undefined;
  readonly endedUs?: number | undefined;
  /** How many are of strict durability. */
  readonly strict: number;
  /** How many have a value that is in the record, or beside it in a file. */
  readonly durable: number;
}

export interface NodesOptions {
  readonly run: string;
  readonly states?: readonly State[];
  readonly kinds?: readonly NodeKind[];
  /** Exact name. */
  readonly name?: string;
  /** Only nodes with this tag. */
  readonly tag?: string;
  /** Only nodes counted under this stage. */
  readonly stage?: number;
  /** Only nodes of this map, reduce, cycle or group. */
  readonly group?: number;
  /** Only children of these nodes; at most some thousands. */
  readonly parents?: readonly number[];
  /** Only nodes with these numbers; at most some thousands. */
  readonly among?: readonly number[];
  /** Only nodes with a higher number: where the last page ended. */
  readonly after?: number;
  readonly limit: number;
}

/** A node: the flow run, a stage, a task run, a map group … */
export interface NodeSummary {
  readonly idx: number;
  /** Task key, 32 hexadecimal digits. */
  readonly key: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly nameId: number;
  readonly tags: readonly string[];
  /** Node numbers; -1: none. */
  readonly parent: number;
  readonly group: number;
  readonly stage: number;
  /** As declared: bit 0 strict, bit 1 persist. */
  readonly flags: number;
  readonly state: State;
  readonly attempt: number;
  readonly createdUs: number;
  /** Start of the current attempt. */
  readonly startedUs?: number | undefined;
  readonly endedUs?: number | undefined;
  readonly lane?: number | undefined;
  readonly reason?: Reason | undefined;
  readonly message?: string | undefined;
  readonly value?: ValueSummary | undefined;
}

/** How a node's value is kept. */
export interface ValueSummary {
  /** `VALUE_STORAGE` code. */
  readonly storage: ValueStorage;
  /** Size of the value in memory or file, bytes. */
  readonly size: number;
}

/** One change of state, as the journal has it. */
export interface Transition {
  readonly state: State;
  readonly attempt: number;
  readonly timeUs: number;
  readonly lane?: number | undefined;
  readonly reason?: Reason | undefined;
  readonly message?: string | undefined;
}

/** Everything that the journal holds of one node. */
export interface NodeStory {
  readonly node: NodeSummary;
  /** Preview of its inputs. */
  readonly inputs: string;
  /** The nodes whose values it consumes, in argument order. */
  readonly upstream: readonly number[];
  /** The nodes that it only comes after. */
  readonly after: readonly number[];
  readonly transitions: readonly Transition[];
  readonly entries: readonly Entry[];
}

export interface EntriesOptions {
  readonly run: string;
  readonly kinds?: readonly EntryKind[];
  /** Only of this node. */
  readonly idx?: number;
  /** Only log entries of this level or a higher one (entries that are not logs pass). */
  readonly level?: LogLevel;
  /** Only entries with a higher number: where the last page ended. */
  readonly after?: number;
  readonly limit?: number;
}

/** Something said or made while a node ran. */
export interface Entry {
  /** Number of the entry in its journal, from 0. */
  readonly seq: number;
  readonly idx: number;
  readonly attempt: number;
  readonly kind: EntryKind;
  readonly timeUs: number;
  /** 32 hexadecimal digits if it happens once under this key. */
  readonly key?: string | undefined;
  /** JSON. */
  readonly body: string;
}

/** Where a run's tables do not say what its journal says. */
export interface Discrepancy {
  /** What differs, such as `node 12 state` or `batch 3`. */
  readonly what: string;
  /** By the journal. */
  readonly expected: string;
  /** In the table. */
  readonly found: string;
}

/** A run's journal compared with its tables. */
export interface RunCheck {
  readonly run: string;
  readonly batches: number;
  readonly records: number;
  /** Empty: the tables say what the journal says. Bounded: at most a hundred. */
  readonly discrepancies: readonly Discrepancy[];
}
