import type { NodeKind } from '@sidereal/core';
import type { ResolvedOptions } from './resolved-options.ts';
import type { StageContext } from './stage-context.ts';
import { RECORDED_WORK, type Refusal, type Work } from './work.ts';

/** What tells a node from every other of its run. */
export interface NodeIdentity {
  /** Number in the journal; -1 for nodes that are only the engine's (settled futures). */
  readonly idx: number;
  /** Task key, hexadecimal. */
  readonly key: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly nameId: number;
}

/** Where a node stands and how it is treated. */
export interface NodePlace {
  readonly parent: RunNode | undefined;
  /** Innermost stage that it counts under. */
  readonly stage: StageContext;
  readonly options: ResolvedOptions;
  /** Place among the items of its map; -1 outside of maps. */
  readonly at?: number;
}

/**
 * The shell's side of a scheduler node: one object a node, always of this shape, for a run may have a million.
 * Its state is the scheduler's alone. Every field that changes belongs to a phase of its life and has one owner,
 * a folder beside this one, which alone writes it:
 *
 * | phase | fields | owner |
 * | --- | --- | --- |
 * | known | `id` | nodes (`RunNodes`) |
 * | to be executed | `work`, `upstream` | nodes (`letGo`) |
 * | executing | `token`, `failures`, `crashes`, `error` | attempts |
 * | waiting for others | `goesOn` | futures |
 * | known, or its children known | `remade` | nodes (`madeAnew`) |
 * | ended | `completion` | attempts |
 * | ended | `value` | values |
 * | awaited | `waiters` | nodes (`ended`) |
 * | watched | `future` | futures |
 *
 * Flags have one owner each too (`node-flags.ts`).
 */
export class RunNode {
  id = -1;
  readonly idx: number;
  readonly key: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly nameId: number;
  readonly parent: RunNode | undefined;
  /** The flow run that it belongs to: kept, for the way up is as long as calls are deep. */
  readonly top: RunNode;
  readonly stage: StageContext;
  readonly options: ResolvedOptions;
  readonly at: number;
  /** Digest of the arguments that it was really called with, where its key does not hold it. */
  readonly argumentDigest: Uint8Array | undefined;
  /** Why it fails without running, if it does. */
  readonly refusal: Refusal | undefined;
  #work: Work<RunNode>;
  #upstream: readonly RunNode[];
  /** Distinguishes attempts, so that a late outcome of an earlier one is ignored. */
  token = 0;
  /** Failed attempts so far, and crashed ones. */
  failures = 0;
  crashes = 0;
  error: unknown;
  /** When it ended: see `Completions`. */
  completion: number;
  /** Called when it has its slot again after waiting. */
  goesOn: (() => void)[] | undefined = undefined;
  value: unknown = undefined;
  /** Called once it has ended. */
  waiters: (() => void)[] | undefined = undefined;
  /** Its future, while the value has not come. */
  future: WeakRef<object> | undefined = undefined;
  #flags: number;
  #remade: number;

  constructor(
    identity: NodeIdentity,
    place: NodePlace,
    work: Work<RunNode>,
    upstream: readonly RunNode[],
    known: Readonly<{
      flags?: number;
      error?: unknown;
      refusal?: Refusal | undefined;
      argumentDigest?: Uint8Array | undefined;
      completion?: number;
      remade?: number;
    }> = {},
  ) {
    this.idx = identity.idx;
    this.key = identity.key;
    this.kind = identity.kind;
    this.name = identity.name;
    this.nameId = identity.nameId;
    this.parent = place.parent;
    this.top = place.parent?.top ?? this;
    this.stage = place.stage;
    this.options = place.options;
    this.at = place.at ?? -1;
    this.refusal = known.refusal;
    this.argumentDigest = known.argumentDigest;
    this.error = known.error;
    this.completion = known.completion ?? 0;
    this.#remade = known.remade ?? 0;
    this.#work = work;
    this.#upstream = upstream;
    this.#flags = known.flags ?? 0;
  }

  /** What it executes. */
  get work(): Work<RunNode> {
    return this.#work;
  }

  /** What it consumes, as long as it may have to execute. */
  get upstream(): readonly RunNode[] {
    return this.#upstream;
  }

  /** When its value was made anew, though it had been made before; 0 if never. See `Completions`. */
  get remade(): number {
    return this.#remade;
  }

  /** Something in it was made anew, or what it is made of is not what it was. */
  madeAnew(number: number): void {
    this.#remade = Math.max(this.#remade, number);
  }

  /** Its record is all that is needed of it: what it executed and consumed is let go. */
  letGo(): void {
    this.#work = RECORDED_WORK;
    this.#upstream = [];
  }

  /** It will not execute again: what it consumed is let go. */
  letGoUpstream(): void {
    this.#upstream = [];
  }

  has(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }

  set(flag: number): void {
    this.#flags |= flag;
  }

  clear(flag: number): void {
    this.#flags &= ~flag;
  }
}
