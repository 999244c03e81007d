import {
  KEY_BYTES,
  STATE_CODE,
  FIRST_ENDED,
  makingEntry,
  NODE_FLAG,
  type EntryKind,
  type GivenRecord,
  type ReasonName,
  type Scheduler,
  type StateCode,
} from '@sidereal/core';
import { UNTOLD } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { keyDigest } from '../../data/digest.ts';
import { entryText } from './entry-text.ts';
import { errorRecord } from '../../errors/journal-error.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import type { Recorder } from './recorder.ts';
import type { ResumeIndex } from './resume-index.ts';
import { RunCounters } from './run-counters.ts';

/** What is said of a node when the journal first hears of it. */
export interface Declaration {
  readonly key: Uint8Array;
  /** Picture of its arguments. */
  readonly inputs: string;
  /** Journal numbers of the runs that it consumes. */
  readonly upstream: readonly number[];
  /** Journal numbers of those that it only comes after. */
  readonly after: readonly number[];
  /** Digest of the arguments that it was really called with, if they can be told apart by one; else no bytes. */
  readonly argumentDigest: Uint8Array;
}

type EntryBody = Readonly<Record<string, unknown>>;

/** What becomes of the nodes of a run: in its journal, and in the live counts. */
export class RunRecord {
  readonly counters = new RunCounters();
  readonly #recorder: Recorder;
  readonly #scheduler: Scheduler;
  /** Ends that are in the record before the scheduler knows of them. */
  readonly #aheadEnds = new Map<RunNode, number>();
  /** Filled in again for each transition: every task run has three. */
  readonly #move: {
    -readonly [Field in keyof Required<GivenRecord<'transition'>>]: GivenRecord<'transition'>[Field];
  } = {
    idx: 0,
    state: STATE_CODE.pending,
    attempt: 0,
    timeUs: 0,
    reason: '',
    message: '',
    lane: undefined,
  };
  #isClosed = false;

  constructor(parts: Readonly<{ recorder: Recorder; scheduler: Scheduler }>) {
    this.#recorder = parts.recorder;
    this.#scheduler = parts.scheduler;
  }

  /** A node is new. */
  declare(node: RunNode, { key, inputs, upstream, after, argumentDigest }: Declaration): void {
    const { parent } = node;
    this.#recorder.records.declare({
      idx: node.idx,
      key: key.length === KEY_BYTES ? key : key.subarray(0, KEY_BYTES),
      parent: parent?.idx ?? -1,
      group: parent === undefined || isFlow(parent) ? -1 : parent.idx,
      // A stage counts under itself; it is declared under the one around it.
      stage: isFlow(node) ? (parent?.stage.idx ?? 0) : node.stage.idx,
      kind: node.kind,
      nameId: node.nameId,
      timeUs: this.#recorder.now(),
      flags: flagsOf(node),
      upstream,
      after,
      inputs,
      argumentDigest,
    });
    this.#recorder.touch();
    this.#count(node, -1, STATE_CODE.pending);
  }

  /** A node of an earlier execution of the run stands as it was recorded. */
  adopted(node: RunNode, state: StateCode): void {
    if (isFlow(node)) this.counters.enterStage(node.idx, state, Date.now());
    this.#count(node, -1, state);
  }

  /** A node which ended (or was under way) in an earlier execution of the run, after so many attempts, begins again. */
  restarted(node: RunNode, state: StateCode, attempts: number): void {
    this.#count(node, -1, STATE_CODE.pending);
    if (state === STATE_CODE.pending) return;
    this.#transition(node, attempts, STATE_CODE.pending, 'resumed', '');
  }

  /** A node begins again, which stood in this state, because its parent's attempt does. */
  repeated(node: RunNode, state: StateCode, attempts: number): void {
    this.#count(node, state, STATE_CODE.pending);
    this.#transition(node, attempts, STATE_CODE.pending, 'parent_retried', '');
  }

  /**
   * A node in doubt, which stood in this state, fails where it stands: were it first to begin again, a process that is
   * killed before it has failed would leave a record that says nothing of the doubt.
   */
  failedInDoubt(node: RunNode, from: StateCode, attempts: number, isCounted: boolean): void {
    this.#count(node, isCounted ? from : -1, STATE_CODE.failed);
    if (from === STATE_CODE.failed) return;
    if (from === STATE_CODE.removed) this.#transition(node, attempts, STATE_CODE.pending, 'resumed', '');
    this.#transition(node, attempts, STATE_CODE.failed, 'outcome_unknown', errorLine(node.error));
    this.error(node, node.error);
  }

  /** The scheduler has moved a node. */
  moved(node: RunNode, from: StateCode, to: StateCode, reason: ReasonName, message: string): void {
    if (isFlow(node)) this.counters.enterStage(node.idx, to, Date.now());
    this.#count(node, from, to);
    const end = this.#aheadEnds.get(node);
    if (to >= FIRST_ENDED) this.#aheadEnds.delete(node);
    // What follows an end that is in the record is told only if it is another end.
    const isNews = end === undefined || (to >= FIRST_ENDED && to !== end);
    if (isNews) this.#transition(node, this.#scheduler.attemptOf(node.id), to, reason, message);
  }

  /** A queued node stays so, for want of this. */
  lacks(node: RunNode, reason: ReasonName, message: string): void {
    this.#transition(node, this.#scheduler.attemptOf(node.id), STATE_CODE.queued, reason, message);
  }

  /** Records an end ahead of the scheduler's own: it must be durable before it is seen. */
  endAhead(node: RunNode, state: StateCode, reason: ReasonName, message: string): void {
    this.#transition(node, this.#scheduler.attemptOf(node.id), state, reason, message);
    this.#aheadEnds.set(node, state);
  }

  /** Is the node's end in the record though the scheduler does not know of it yet? */
  hasEndedAhead(node: RunNode): boolean {
    return this.#aheadEnds.has(node);
  }

  /** Something said or made while a node executes. */
  entry(node: RunNode, kind: EntryKind, body: EntryBody, key: Uint8Array = NO_KEY): void {
    this.entryAt(node.idx, this.#scheduler.attemptOf(node.id), { kind, body, key });
  }

  /** The same, of a node that the scheduler may have forgotten. */
  entryAt(
    idx: number,
    attempt: number,
    { kind, body, key = NO_KEY }: Readonly<{ kind: EntryKind; body: EntryBody; key?: Uint8Array }>,
  ): void {
    if (idx < 0 || this.#isClosed) return;
    const { records } = this.#recorder;
    records.entry({ idx, attempt, kind, timeUs: this.#recorder.now(), key, body: entryText(body) });
    this.#recorder.touch();
  }

  /** A remark of the engine's own; of a key, the last is in force. */
  note(node: RunNode, body: EntryBody, key?: Uint8Array): void {
    this.entry(node, 'note', body, key);
  }

  /** A node that had ended begins again: whatever consumed it and ended so far is stale. Said before it begins. */
  madeAnew(node: RunNode): void {
    this.note(node, makingEntry({ madeUs: this.timeOfMaking() }), makingKey(node));
  }

  /** Microseconds for what is made just now: after every end that is recorded so far, whose times are rounded. */
  timeOfMaking(): number {
    return Math.ceil(this.#recorder.now()) + 1;
  }

  /** Why an attempt failed. */
  error(node: RunNode, error: unknown): void {
    this.entry(node, 'error', { ...errorRecord(error) });
  }

  /** The value of an attempt: its bytes, the address of its file, or its picture. */
  value(node: RunNode, storage: 0 | 1 | 2, bytes: Uint8Array, size: number): void {
    if (node.idx < 0) return;
    const attempt = this.#scheduler.attemptOf(node.id);
    this.#recorder.records.value({ idx: node.idx, attempt, storage, bytes, size });
    this.#recorder.touch();
  }

  /** Marks what the flow no longer calls as removed. */
  removed(resume: ResumeIndex): void {
    for (const idx of resume.untouched()) {
      this.#recorder.records.transition({
        idx,
        state: STATE_CODE.removed,
        attempt: resume.snapshot.nodes.attempts[idx] ?? 0,
        timeUs: this.#recorder.now(),
        reason: 'not_called',
        message: 'no longer called by the flow',
      });
    }
    this.#recorder.touch();
  }

  /** Resolves once everything recorded so far is committed (`sync`: on stable storage). */
  flush(sync: boolean): Promise<void> {
    return this.#recorder.flush(sync);
  }

  close(): void {
    this.#isClosed = true;
    this.#recorder.close();
  }

  #transition(node: RunNode, attempt: number, to: StateCode, reason: ReasonName, message: string): void {
    if (node.idx < 0) return;
    const move = this.#move;
    move.idx = node.idx;
    move.state = to;
    move.attempt = attempt;
    move.timeUs = this.#recorder.now();
    move.reason = reason;
    move.message = message;
    this.#recorder.records.transition(move);
    this.#recorder.touch();
  }

  #count(node: RunNode, from: number, to: StateCode): void {
    if (node.kind === 'task' && node.idx >= 0) this.counters.enter(node.stage.idx, from, to);
  }
}

/** Key of the note that says when a node was made anew. */
export function makingKey({ key }: RunNode): Uint8Array {
  return keyDigest(`made\n${key}`);
}

function flagsOf(node: RunNode): number {
  const { strict, persist } = node.options;
  return (
    (strict ? NODE_FLAG.strict : 0) |
    (persist ? NODE_FLAG.persist : 0) |
    (node.has(UNTOLD) ? NODE_FLAG.neverReused : 0)
  );
}

function isFlow({ kind }: RunNode): boolean {
  return kind === 'flow' || kind === 'stage';
}

const NO_KEY = new Uint8Array(0);
