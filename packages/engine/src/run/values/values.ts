import {
  VALUE_STORAGE,
  decideReuse,
  isSiderealError,
  type Journal,
  type ReuseDecision,
  type Scheduler,
} from '@sidereal/core';
import { measure } from '../../results/measure.ts';
import { previewValue } from '../../results/preview.ts';
import type { ResultFiles } from '../../results/result-files.ts';
import { readStoredValue } from '../../results/stored-value.ts';
import { encodeValue } from '../../results/value-codec.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { markUnsettled } from '../nodes/ended.ts';
import { valueLost } from '../nodes/node-errors.ts';
import { DURABLE, IN_FILE, RECOMPUTED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Eviction } from './eviction.ts';
import { SpillList } from './spill-list.ts';
import { notDurable, notWritten } from './value-errors.ts';

/** Values up to this many bytes encoded are kept in the journal. */
const INLINE_BYTES = 64 * 1024;

export interface ValueParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly eviction: Eviction;
  readonly journal: Journal;
  readonly files: ResultFiles;
}

/**
 * The values of a run: kept durably as far as promised, held in memory while needed, read again from the
 * record, or computed again by lineage when the record does not hold them.
 */
export class Values {
  readonly #loop: RunLoop;
  readonly #record: RunRecord;
  readonly #eviction: Eviction;
  readonly #journal: Journal;
  readonly #files: ResultFiles;
  /** Values in memory that the record holds too. */
  readonly #spillable: SpillList<RunNode>;

  constructor({ loop, record, eviction, journal, files }: ValueParts) {
    this.#loop = loop;
    this.#record = record;
    this.#eviction = eviction;
    this.#journal = journal;
    this.#files = files;
    this.#spillable = new SpillList((node) => node.has(DURABLE) && loop.scheduler.isAlive(node.id));
  }

  /**
   * Takes the value of a run whose attempt has returned and records it. Returns its size in bytes, as a
   * promise if it had to be written to a file first. Throws `RESULT_NOT_DURABLE` if it must be kept and
   * cannot be.
   */
  take(node: RunNode, value: unknown): number | Promise<number> {
    const { bytes, bufferBytes, obstacle } = measure(value);
    const mayFit =
      obstacle === undefined && bufferBytes <= INLINE_BYTES && bytes - bufferBytes <= 2 * INLINE_BYTES + 64;
    const encoded = mayFit ? encodedOrNot(value) : undefined;
    if (encoded !== undefined && encoded.length <= INLINE_BYTES) {
      this.#record.value(node, VALUE_STORAGE.inline, encoded, bytes);
      node.set(DURABLE);
      node.value = value;
      return bytes;
    }
    if (node.options.persist) {
      if (obstacle !== undefined) throw notDurable(node, obstacle);
      return this.#keep(node, value, bytes);
    }
    this.#record.value(node, VALUE_STORAGE.none, Buffer.from(previewValue(value), 'utf8'), bytes);
    node.value = value;
    return bytes;
  }

  /** The value of a container, or of a node of the engine's own: put together, not recorded. */
  put(node: RunNode, value: unknown): void {
    node.value = value;
  }

  /** Reads an absent value from the record, or puts it together; false if it is not (or no longer) there. */
  async fetch(node: RunNode): Promise<boolean> {
    const { scheduler } = this.#loop;
    if (scheduler.isAlive(node.id)) return true;
    if (node.work.type === 'container' && node.work.assemble !== undefined) {
      const value = await node.work.assemble();
      this.#load(node, value, 0);
      return true;
    }
    if (!node.has(DURABLE)) return false;
    try {
      // It may have been recorded just now.
      await this.#record.flush(false);
      const stored = await readStoredValue(this.#journal, this.#files, node.idx);
      if (stored === undefined) return false;
      this.#load(node, stored.value, measure(stored.value).bytes);
      return true;
    } catch (error) {
      if (!isSiderealError(error)) throw error;
      this.#record.note(node, { code: error.code, message: error.message });
      node.clear(DURABLE);
      return false;
    }
  }

  /** Runs a completed node again, because its value is needed and gone. Throws `VALUE_LOST` if that cannot be. */
  recompute(node: RunNode): void {
    const { scheduler } = this.#loop;
    // Under a run that is over it would only be cancelled, and its record says that it has completed.
    const decision = ofLostValue(node, scheduler);
    if (decision?.decision !== 'again' || !scheduler.acceptsChildren(node.top.id)) throw valueLost(node);
    // Somebody else found it lost and it is on its way.
    if (!scheduler.hasEnded(node.id)) return;
    markUnsettled(node);
    node.set(RECOMPUTED);
    this.#record.note(node, { code: 'recomputed', message: decision.reason });
    scheduler.recompute(
      node.id,
      node.upstream.map((input) => this.#eviction.readopt(input).id),
    );
    this.#loop.pump();
  }

  /** May a node be run again for its value? */
  mayRecompute(node: RunNode): boolean {
    return ofLostValue(node, this.#loop.scheduler)?.decision === 'again';
  }

  /** Has somebody found its value lost, and is it on its way? */
  isRecomputing(node: RunNode): boolean {
    return node.has(RECOMPUTED) && !this.#loop.scheduler.hasEnded(node.id);
  }

  /** The value of a run is in memory from now on. */
  came(node: RunNode): void {
    if (node.has(DURABLE) && this.#loop.scheduler.isAlive(node.id)) this.#spillable.add(node);
  }

  /** Nobody needs its value any more. */
  drop(node: RunNode): void {
    node.value = undefined;
  }

  /** Moves what it can out of memory: values that the record holds. */
  spill(): void {
    for (const node of this.#spillable.take()) {
      this.#loop.scheduler.spilled(node.id);
      node.value = undefined;
    }
  }

  #load(node: RunNode, value: unknown, bytes: number): void {
    node.value = value;
    this.#loop.scheduler.loaded(node.id, bytes);
    this.came(node);
  }

  async #keep(node: RunNode, value: unknown, size: number): Promise<number> {
    const { address } = await this.#write(node, value);
    this.#record.value(node, VALUE_STORAGE.file, Buffer.from(address, 'utf8'), size);
    node.set(DURABLE | IN_FILE);
    node.value = value;
    return size;
  }

  async #write(node: RunNode, value: unknown): Promise<{ readonly address: string }> {
    try {
      return await this.#files.write(value, node.options.strict);
    } catch (error) {
      // What the file system says carries its number; anything else is said of the value.
      if (error instanceof Error && 'errno' in error) throw notWritten(node, error);
      throw notDurable(node, errorLine(error));
    }
  }
}

/** Whether a task or stage is run again for its value. What made the value of a container is put together again instead. */
function ofLostValue(node: RunNode, scheduler: Scheduler): ReuseDecision | undefined {
  if (node.work.type === 'container') return undefined;
  return decideReuse({
    state: scheduler.stateOf(node.id),
    attempts: scheduler.attemptOf(node.id),
    isStrict: node.options.strict,
    occasion: { type: 'value_lost' },
    hasSameArguments: true,
    untold: undefined,
    madeSince: undefined,
    endedSince: undefined,
    changed: undefined,
  });
}

/** The encoded value; undefined if it holds something that cannot be cloned and that no walk finds. */
function encodedOrNot(value: unknown): Uint8Array | undefined {
  try {
    return encodeValue(value);
  } catch {
    return undefined;
  }
}
