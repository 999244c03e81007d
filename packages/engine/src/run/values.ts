import { VALUE_STORAGE, SiderealError, type Journal, isSiderealError } from '@sidereal/core';
import { measure } from '../results/measure.ts';
import { previewValue } from '../results/preview.ts';
import type { ResultFiles } from '../results/result-files.ts';
import { readStoredValue } from '../results/stored-value.ts';
import { encodeValue } from '../results/value-codec.ts';
import { errorLine } from './failure.ts';
import type { FlowRun } from './flow-run.ts';
import { SpillList } from './spill-list.ts';
import { DURABLE, IN_FILE, type RunNode } from './run-node.ts';
import { nodeText, valueLost } from './run-errors.ts';

/** Values up to this many bytes encoded are kept in the journal. */
const INLINE_BYTES = 64 * 1024;

/**
 * The values of a run: kept durably as far as promised, held in memory while needed, fetched again from the
 * record, or computed again by lineage when the record does not hold them.
 */
export class Values {
  readonly #run: FlowRun;
  readonly #journal: Journal;
  readonly #files: ResultFiles;
  readonly #fetching = new Map<RunNode, Promise<void>>();
  /** Values in memory that the record holds too. */
  readonly #spillable: SpillList<RunNode>;

  constructor(run: FlowRun, journal: Journal, files: ResultFiles) {
    this.#run = run;
    this.#journal = journal;
    this.#files = files;
    this.#spillable = new SpillList((node) => node.has(DURABLE) && run.scheduler.isAlive(node.id));
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
      this.#record(node, VALUE_STORAGE.inline, encoded, bytes);
      node.set(DURABLE);
      node.value = value;
      return bytes;
    }
    if (node.options.persist) {
      if (obstacle !== undefined) throw notDurable(node, obstacle);
      return this.#keep(node, value, bytes);
    }
    this.#record(node, VALUE_STORAGE.none, Buffer.from(previewValue(value), 'utf8'), bytes);
    node.value = value;
    return bytes;
  }

  /** Brings an absent value into memory. Rejects if it is lost and cannot be computed again. */
  fetch(node: RunNode): Promise<void> {
    let fetching = this.#fetching.get(node);
    if (fetching === undefined) {
      fetching = this.#fetch(node).finally(() => this.#fetching.delete(node));
      this.#fetching.set(node, fetching);
    }
    return fetching;
  }

  /** Tries the record only; false if the value is not (or no longer) there. */
  async fetchRecorded(node: RunNode): Promise<boolean> {
    const { scheduler } = this.#run;
    if (scheduler.isAlive(node.id)) return true;
    if (node.work.type === 'container' && node.work.assemble !== undefined) {
      const value = await node.work.assemble();
      this.#load(node, value, 0);
      return true;
    }
    if (!node.has(DURABLE)) return false;
    try {
      // It may have been recorded just now.
      await this.#run.recorder.flush(false);
      const stored = await readStoredValue(this.#journal, this.#files, node.idx);
      if (stored === undefined) return false;
      this.#load(node, stored.value, measure(stored.value).bytes);
      return true;
    } catch (error) {
      if (!isSiderealError(error)) throw error;
      this.#run.note(node, { code: error.code, message: error.message });
      node.clear(DURABLE);
      return false;
    }
  }

  /** The value of a run is in memory from now on. */
  came(node: RunNode): void {
    if (node.has(DURABLE) && this.#run.scheduler.isAlive(node.id)) this.#spillable.add(node);
  }

  /** Moves what it can out of memory: values that the record holds. */
  spill(): void {
    for (const node of this.#spillable.take()) {
      this.#run.scheduler.spilled(node.id);
      node.value = undefined;
    }
  }

  async #fetch(node: RunNode): Promise<void> {
    if (await this.fetchRecorded(node)) return;
    if (!canExecute(node)) throw valueLost(node);
    await this.#run.recompute(node);
    await this.#run.waiting.ended(node);
    if (!this.#run.scheduler.hasSucceeded(node.id)) throw this.#run.waiting.reasonOf(node);
    if (!this.#run.scheduler.isAlive(node.id)) await this.#fetch(node);
  }

  #load(node: RunNode, value: unknown, bytes: number): void {
    node.value = value;
    this.#run.scheduler.loaded(node.id, bytes);
    this.came(node);
  }

  async #keep(node: RunNode, value: unknown, size: number): Promise<number> {
    const { address } = await this.#write(node, value);
    this.#record(node, VALUE_STORAGE.file, Buffer.from(address, 'utf8'), size);
    node.set(DURABLE);
    node.set(IN_FILE);
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

  #record(node: RunNode, storage: 0 | 1 | 2, bytes: Uint8Array, size: number): void {
    if (node.idx < 0) return;
    const attempt = this.#run.scheduler.attemptOf(node.id);
    this.#run.recorder.records.value({ idx: node.idx, attempt, storage, bytes, size });
    this.#run.recorder.touch();
  }
}

/** The encoded value; undefined if it holds something that cannot be cloned and that no walk finds. */
function encodedOrNot(value: unknown): Uint8Array | undefined {
  try {
    return encodeValue(value);
  } catch {
    return undefined;
  }
}

function notWritten(node: RunNode, cause: unknown): SiderealError {
  return new SiderealError(
    'RESULT_NOT_WRITTEN',
    `the value of ${nodeText(node)} cannot be written: ${errorLine(cause)}`,
    {
      cause,
      remedy: 'Make room on the disk, or make the folder of the store writable; then `sidereal resume`.',
    },
  );
}

/** Is what made its value known, and may it be made again? */
export function canExecute({ work, options }: RunNode): boolean {
  // A strict task has had its effect: it is never run again for its value.
  return work.type !== 'container' && !options.strict;
}

function notDurable(node: RunNode, obstacle: string): SiderealError {
  return new SiderealError(
    'RESULT_NOT_DURABLE',
    `${nodeText(node)} must keep its value, which contains ${obstacle}`,
    {
      remedy:
        'Return plain data (numbers, strings, arrays, plain objects, typed arrays, Map, Set, Date), or drop `persist`.',
    },
  );
}
