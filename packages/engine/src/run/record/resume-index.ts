import {
  KEY_BYTES,
  KeyTable,
  NODE_KIND_CODE,
  STATE_CODE,
  VALUE_STORAGE,
  digestAtOrNone,
  keyText,
  type ErrorRecord,
  type RecordedNodes,
  type RunSnapshot,
  type StateCode,
} from '@sidereal/core';
import { errorOf } from '../../errors/journal-error.ts';

/** What a new attempt of a run does with what earlier ones recorded. */
export interface ReuseRules {
  /** Run again what failed, crashed, was cancelled or lacked its upstream; else recorded failures stay. */
  readonly retryFailed: boolean;
  /** Run again these stages (by name) and everything that consumes what they give. */
  readonly from: readonly string[];
  /** Run again tasks whose code has changed since. */
  readonly rerunChanged: boolean;
  /** Run everything again. */
  readonly all: boolean;
}

export const RESUME: ReuseRules = { retryFailed: false, from: [], rerunChanged: false, all: false };

/** A node of an earlier attempt, found by task key. */
export interface RecordedNode {
  readonly idx: number;
  readonly state: StateCode;
  readonly attempt: number;
  readonly isDurable: boolean;
  readonly isStrict: boolean;
  /** What it gave may be used instead of running it. */
  readonly isReusable: boolean;
  /** Of its real arguments, where the author's key stands for them. */
  readonly argumentDigest: Uint8Array | undefined;
}

/** Looks up the nodes of earlier attempts by task key, and remembers which the flow still calls. */
export class ResumeIndex {
  readonly snapshot: RunSnapshot;
  readonly rules: ReuseRules;
  readonly #byKey = new KeyTable();
  readonly #touched: Uint8Array;
  /** Stages reused without running their bodies. */
  readonly #whole: Uint8Array;
  /** Nodes that must run: in a stage of `from`, or around one. */
  readonly #forced: Uint8Array;
  readonly #effects = new Map<string, string>();

  constructor(snapshot: RunSnapshot, rules: ReuseRules) {
    this.snapshot = snapshot;
    this.rules = rules;
    const { nodes } = snapshot;
    this.#touched = new Uint8Array(nodes.count);
    this.#touched[0] = 1;
    this.#whole = new Uint8Array(nodes.count);
    for (let idx = 0; idx < nodes.count; idx += 1) this.#byKey.set(nodes.keys, idx, idx * KEY_BYTES);
    this.#forced = forcedNodes(snapshot, rules);
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
      isStrict: ((nodes.flags[idx] ?? 0) & 1) !== 0,
      isReusable: this.#forced[idx] === 0 && this.#isFinal(state),
      argumentDigest: digest.length === 0 ? undefined : digest,
    };
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

  /** Everything beneath a stage that is reused whole counts as still called. */
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

  #isFinal(state: number): boolean {
    if (this.rules.all) return false;
    if (state === STATE_CODE.completed || state === STATE_CODE.cached || state === STATE_CODE.skipped)
      return true;
    return state === STATE_CODE.failed && !this.rules.retryFailed;
  }
}

/** Marks the nodes of the stages of `from`, all beneath them, and all that they lie in. */
function forcedNodes(snapshot: RunSnapshot, rules: ReuseRules): Uint8Array {
  const { nodes, names } = snapshot;
  const forced = new Uint8Array(nodes.count);
  if (rules.from.length === 0) return forced;
  const wanted = new Set(names.filter(({ name }) => rules.from.includes(name)).map(({ id }) => id));
  const beneath = new Uint8Array(nodes.count);
  for (let idx = 1; idx < nodes.count; idx += 1) {
    const parent = nodes.parents[idx] ?? 0;
    if (beneath[parent] === 1 || isWanted(nodes, idx, wanted)) {
      beneath[idx] = 1;
      forced[idx] = 1;
      for (let up = parent; up > 0 && forced[up] === 0; up = nodes.parents[up] ?? 0) forced[up] = 1;
    }
  }
  return forced;
}

function isWanted(nodes: RecordedNodes, idx: number, wanted: ReadonlySet<number>): boolean {
  return wanted.has(nodes.nameIds[idx] ?? -1) && nodes.kinds[idx] !== NODE_KIND_CODE.cycle;
}
