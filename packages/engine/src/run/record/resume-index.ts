import {
  DEMAND,
  FIRST_ENDED,
  KEY_BYTES,
  KeyTable,
  NODE_FLAG,
  STATE_CODE,
  VALUE_STORAGE,
  demandsOf,
  digestAtOrNone,
  keyText,
  makingsOf,
  type Demand,
  type ErrorRecord,
  type Making,
  type ReuseRules,
  type RunSnapshot,
  type StateCode,
} from '@sidereal/core';
import { errorOf } from '../../errors/journal-error.ts';

/** A node of an earlier attempt, found by task key. */
export interface RecordedNode {
  readonly idx: number;
  readonly state: StateCode;
  readonly attempt: number;
  readonly isDurable: boolean;
  readonly isStrict: boolean;
  /** What the rules demand of it. */
  readonly demand: Demand;
  /** When it ended; NaN for one that has not. */
  readonly endedUs: number;
  /** When its value was made anew; 0 if it was not. */
  readonly madeUs: number;
  /** Of its real arguments, where the author's key stands for them. */
  readonly argumentDigest: Uint8Array | undefined;
}

/** Looks up the nodes of earlier attempts by task key, and remembers which the flow still calls. */
export class ResumeIndex {
  readonly snapshot: RunSnapshot;
  readonly rules: ReuseRules;
  /** The latest end or making that is recorded; times go on from there. */
  readonly latestUs: number;
  readonly #byKey = new KeyTable();
  readonly #touched: Uint8Array;
  /** Tasks and stages that are reused without running their code. */
  readonly #whole: Uint8Array;
  readonly #demands: Uint8Array;
  readonly #makings: ReadonlyMap<number, Making>;
  readonly #effects = new Map<string, string>();

  constructor(snapshot: RunSnapshot, rules: ReuseRules) {
    this.snapshot = snapshot;
    this.rules = rules;
    const { nodes } = snapshot;
    this.#touched = new Uint8Array(nodes.count);
    this.#touched[0] = 1;
    this.#whole = new Uint8Array(nodes.count);
    for (let idx = 0; idx < nodes.count; idx += 1) this.#byKey.set(nodes.keys, idx, idx * KEY_BYTES);
    this.#demands = demandsOf(snapshot, rules);
    this.#makings = makingsOf(snapshot.keyed);
    this.latestUs = latestOf(nodes.endedUs, this.#makings);
    for (const entry of snapshot.keyed) this.#effects.set(keyText(entry.key), entry.body);
  }

  /** The recorded node of this key. */
  find(key: Uint8Array): RecordedNode | undefined {
    const idx = this.#byKey.get(key);
    if (idx === undefined) return undefined;
    const { nodes } = this.snapshot;
    const state: StateCode = nodes.states[idx] ?? STATE_CODE.pending;
    const digest = digestAtOrNone(nodes.argumentDigests, idx);
    return {
      idx,
      state,
      attempt: nodes.attempts[idx] ?? 0,
      isDurable: (nodes.valueStorage[idx] ?? 0) !== VALUE_STORAGE.none,
      isStrict: ((nodes.flags[idx] ?? 0) & NODE_FLAG.strict) !== 0,
      demand: (this.#demands[idx] ?? DEMAND.none) as Demand,
      endedUs: nodes.endedUs[idx] ?? Number.NaN,
      madeUs: this.#makings.get(idx)?.madeUs ?? 0,
      argumentDigest: digest.length === 0 ? undefined : digest,
    };
  }

  /** When the value of a recorded node was made anew, and what a container was made of then; undefined if neither is said. */
  makingOf(idx: number): Making | undefined {
    return this.#makings.get(idx);
  }

  /** Name of a recorded node. */
  nameOf(idx: number): string {
    const { nodes, names } = this.snapshot;
    return names.find(({ id }) => id === nodes.nameIds[idx])?.name ?? `node ${idx}`;
  }

  /** Had this recorded node ended? */
  hadEnded(idx: number): boolean {
    return (this.snapshot.nodes.states[idx] ?? STATE_CODE.pending) >= FIRST_ENDED;
  }

  /** The flow still calls this recorded node. */
  touch(idx: number): void {
    this.#touched[idx] = 1;
  }

  /** Body of a keyed entry (an effect, an artifact …) recorded before. */
  effect(key: string): string | undefined {
    return this.#effects.get(key);
  }

  /** Why a recorded node failed. */
  errorOf(idx: number): Error | undefined {
    const body = this.snapshot.errors.get(idx);
    return body === undefined ? undefined : errorOf(JSON.parse(body) as ErrorRecord);
  }

  /** What lies beneath a task or stage that is reused whole stays as it is, though nobody calls it. */
  reuseWhole(idx: number): void {
    this.#whole[idx] = 1;
  }

  /** Nodes that the flow no longer calls and that are not marked so yet. */
  *untouched(): Generator<number> {
    const { nodes } = this.snapshot;
    // Parents are declared before their children, so one pass in order reaches every depth.
    for (let idx = 1; idx < nodes.count; idx += 1) {
      if (this.#whole[nodes.parents[idx] ?? 0] === 1) this.#whole[idx] = 1;
      else if (this.#touched[idx] === 0 && nodes.states[idx] !== STATE_CODE.removed) yield idx;
    }
  }
}

function latestOf(endedUs: Float64Array, makings: ReadonlyMap<number, Making>): number {
  let latest = 0;
  for (const time of endedUs) if (time > latest) latest = time;
  for (const { madeUs } of makings.values()) if (madeUs > latest) latest = madeUs;
  return latest;
}
