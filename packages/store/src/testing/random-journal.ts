/**
 * A made-up run: an endless, valid journal from a seed. The same seed gives the same records, so that a test
 * that lost its process can tell what must be there.
 */
import {
  createBatchBuilder,
  FIRST_ENDED,
  nextStates,
  STATE_CODE,
  stateOf,
  type BatchBuilder,
  type EntryKind,
  type NodeKind,
  type Reason,
} from '@sidereal/core';

/** Numbers in 0..1 from a seed: mulberry32 (public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KINDS: readonly NodeKind[] = ['task', 'task', 'task', 'task', 'stage', 'map', 'loop', 'group'];
const ENTRIES: readonly EntryKind[] = ['log', 'log', 'error', 'qa', 'metric', 'effect'];
const LEVELS = ['debug', 'info', 'warn', 'error'];
/** The last is of no version up to this one. */
const REASON_NAMES: readonly Reason[] = ['', '', '', 'slot', 'memory', 'timed_out', 'reason_4711'];

interface Node {
  readonly kind: NodeKind;
  state: number;
  attempt: number;
}

export class RandomJournal {
  readonly builder: BatchBuilder = createBatchBuilder();
  private readonly random: () => number;
  private readonly nodes: Node[] = [];
  private readonly stages: number[] = [0];
  private timeUs = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    for (let id = 0; id < 3; id++) {
      this.builder.name({
        id,
        name: `name-${id}`,
        module: 'random.ts',
        runner: 'inline',
        tags: [],
      });
    }
    this.addNode('flow');
  }

  /** Adds `count` records and gives the batch. */
  batch(count: number): Uint8Array<ArrayBuffer> {
    for (let i = 0; i < count; i++) this.step();
    const batch = this.builder.take();
    if (batch === undefined) throw new RangeError('an empty batch was asked for');
    return batch;
  }

  private step(): void {
    this.timeUs += this.below(200);
    const dice = this.random();
    if (dice < 0.2) this.addNode(this.pick(KINDS));
    else if (dice < 0.8) this.transition(this.below(this.nodes.length));
    else if (dice < 0.9) this.value(this.below(this.nodes.length));
    else this.entry(this.below(this.nodes.length));
  }

  private addNode(kind: NodeKind): void {
    const idx = this.nodes.length;
    const stage = idx === 0 ? 0 : this.pick(this.stages);
    const upstream = Array.from({ length: idx === 0 ? 0 : this.below(4) }, () => this.below(idx));
    const after = Array.from({ length: idx === 0 || this.random() < 0.8 ? 0 : 2 }, () => this.below(idx));
    const group = idx === 0 || this.random() < 0.5 ? -1 : this.below(idx);
    const { builder } = this;
    const parent = idx === 0 ? -1 : stage;
    const nameId = this.below(3);
    const inputs = this.random() < 0.5 ? '' : `(${idx}, "Ω")`;
    builder.declare({
      idx,
      key: this.key(),
      parent,
      group,
      stage,
      kind,
      nameId,
      timeUs: this.timeUs,
      flags: this.below(4),
      upstream,
      after,
      inputs,
      argumentDigest: this.random() < 0.5 ? undefined : this.key(),
    });
    this.nodes.push({ kind, state: STATE_CODE.pending, attempt: 0 });
    if (kind === 'stage') this.stages.push(idx);
  }

  private transition(idx: number): void {
    const node = this.nodes[idx];
    if (node === undefined) return;
    const state = STATE_CODE[this.pick(nextStates(stateOf(node.state)))];
    const isStart = state === STATE_CODE.running || state === STATE_CODE.retrying;
    if (isStart && (node.attempt === 0 || this.random() < 0.5))
      node.attempt += this.random() < 0.02 ? 65_536 : 1;
    if (state === STATE_CODE.pending && this.random() < 0.3) node.attempt += 1;
    node.state = state;
    const lane = this.random() < 0.5 ? -1 : this.below(16);
    const reason = this.pick(REASON_NAMES);
    const message = state >= FIRST_ENDED && this.random() < 0.2 ? `it ended after ${this.timeUs} µs` : '';
    this.builder.transition({
      idx,
      state,
      attempt: node.attempt,
      timeUs: this.timeUs,
      lane,
      reason,
      message,
    });
  }

  private value(idx: number): void {
    const storage = this.random() < 0.8 ? 1 : this.random() < 0.5 ? 2 : 0;
    const bytes = new Uint8Array(this.below(this.random() < 0.95 ? 40 : 5000)).map(() => this.below(256));
    const attempt = this.nodes[idx]?.attempt ?? 0;
    this.builder.value({ idx, attempt, storage, bytes, size: this.below(1e6) });
  }

  private entry(idx: number): void {
    const kind = this.pick(ENTRIES);
    const body = JSON.stringify({ level: this.pick(LEVELS), message: `entry at ${this.timeUs}` });
    const key = this.random() < 0.3 ? this.key() : new Uint8Array(0);
    const attempt = this.nodes[idx]?.attempt ?? 0;
    this.builder.entry({ idx, attempt, kind, timeUs: this.timeUs, key, body });
  }

  private key(): Uint8Array {
    return new Uint8Array(16).map(() => this.below(256));
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}
