/**
 * Operations on the wire: what a job that executes elsewhere asks of the flow's side. The union is that of
 * `operation.ts`; here stands only how its parts are written: definitions as addresses, futures as references,
 * code inside a container not at all (its beginning and its end are told instead).
 */
import type { Operation, OperationKind, OperationSide } from '../context/operation.ts';

/** Where a definition is found. */
export interface DefinitionAddress {
  readonly module: string;
  readonly name: string;
}

/** Stands for the value of an earlier operation of the same job. */
export interface FutureReference {
  readonly '@sidereal/call': number;
  /** One item of a map; absent: the call as a whole. */
  readonly item?: number;
}

/** What a call site adds. */
export interface RemoteSite {
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly after: readonly FutureReference[];
  /** The user's own line, for errors. */
  readonly at: string | undefined;
}

/** Items to map over, gathered where they were. */
export interface RemoteMapSource {
  /** A list, or the future of one. */
  readonly items: unknown;
  /** Each item is an argument tuple; else it is the only argument. */
  readonly areTuples: boolean;
  /** The author's items were pulled one by one. */
  readonly isPulled: boolean;
  readonly keys?: readonly string[];
  readonly failFast: boolean;
}

/** Operations as they cross to the flow's side; arguments are plain data with {@link FutureReference}s inside. */
export interface RemoteSide extends OperationSide {
  readonly task: DefinitionAddress;
  readonly flow: DefinitionAddress;
  readonly site: RemoteSite;
  readonly mapSource: RemoteMapSource;
  readonly future: unknown;
  readonly body: undefined;
  readonly read: undefined;
}

/** Those that cross. What a task reads from the outside world it reads where it is: it is run again as a whole. */
export type RemoteKind = Exclude<OperationKind, 'effect'>;

/** One operation of a job. */
export interface RemoteRequest {
  /** Its number within the job, by which its future is known. Those that wait for a plain promise come late: out of turn. */
  readonly number: number;
  /** Number of the container in which the code stands that asks; undefined: the job's own code. */
  readonly under: number | undefined;
  readonly operation: Operation<RemoteSide, RemoteKind>;
}
