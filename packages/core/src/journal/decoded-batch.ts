import { RECORD } from './batch-builder.ts';
import type { JournalRecord } from './batch.ts';
import { corrupt } from './column-reader.ts';
import { ENTRY_KINDS, NODE_KINDS, type EntryKind, type NodeKind, type ValueStorage } from './record.ts';

/** Rows of `name` records; strings are ids for {@link DecodedBatch.text}. */
export interface NameRows {
  readonly count: number;
  readonly ids: Uint32Array;
  readonly names: Uint32Array;
  readonly modules: Uint32Array;
  readonly codes: Uint32Array;
  readonly runners: Uint32Array;
  /** One text, a tag a line. */
  readonly tags: Uint32Array;
}

/** Rows of `declare` records. Row i consumes `upstream[upstreamStarts[i] … upstreamStarts[i + 1]]`. */
export interface DeclareRows {
  readonly count: number;
  readonly idx: Uint32Array;
  /** 16 bytes a row. */
  readonly keys: Uint8Array;
  readonly parents: Int32Array;
  readonly groups: Int32Array;
  readonly stages: Int32Array;
  readonly kinds: Uint8Array;
  readonly nameIds: Uint32Array;
  readonly times: Float64Array;
  readonly flags: Uint8Array;
  readonly upstreamStarts: Uint32Array;
  readonly upstream: Uint32Array;
  readonly inputs: Uint32Array;
}

/** Rows of `transition` records. */
export interface TransitionRows {
  readonly count: number;
  readonly idx: Uint32Array;
  readonly states: Uint8Array;
  readonly attempts: Uint16Array;
  readonly times: Float64Array;
  readonly lanes: Int16Array;
  readonly reasons: Uint32Array;
  readonly messages: Uint32Array;
}

/** Rows of `value` records. Row i is bytes `starts[i] … starts[i + 1]` of the value heap. */
export interface ValueRows {
  readonly count: number;
  readonly idx: Uint32Array;
  readonly attempts: Uint16Array;
  readonly storages: Uint8Array;
  readonly starts: Uint32Array;
  readonly sizes: Float64Array;
}

/** Rows of `entry` records. `keyStarts[i]` is the byte in `keys` where the key of row i starts, or -1. */
export interface EntryRows {
  readonly count: number;
  readonly idx: Uint32Array;
  readonly attempts: Uint16Array;
  readonly kinds: Uint8Array;
  readonly times: Float64Array;
  readonly keyStarts: Int32Array;
  readonly keys: Uint8Array;
  readonly bodies: Uint32Array;
}

interface DecodedParts {
  readonly count: number;
  readonly columnsBytes: number;
  readonly kinds: Uint8Array;
  readonly names: NameRows;
  readonly declares: DeclareRows;
  readonly transitions: TransitionRows;
  readonly values: ValueRows;
  readonly entries: EntryRows;
  readonly textStarts: Uint32Array;
  readonly text: Uint8Array;
  readonly valueHeap: Uint8Array | undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_BYTES = new Uint8Array(0);

/**
 * A batch as columns, for folds, and as records in the order in which they were added: iterate over it.
 * Columns are views of the encoded bytes where they can be; treat them as read-only. In row order, record i
 * of a kind (`kinds`) is row i of that kind.
 */
export class DecodedBatch implements Iterable<JournalRecord> {
  /** Records of all kinds. */
  readonly count: number;
  /** Bytes before the value heap, which is the rest of the encoded batch. */
  readonly columnsBytes: number;
  /** Code of each record's kind (index into `RECORD_KINDS`), in order of addition. */
  readonly kinds: Uint8Array;
  readonly names: NameRows;
  readonly declares: DeclareRows;
  readonly transitions: TransitionRows;
  readonly values: ValueRows;
  readonly entries: EntryRows;
  private readonly heap: Uint8Array | undefined;
  private readonly textBytes: Uint8Array;
  private readonly textStarts: Uint32Array;
  private readonly texts: (string | undefined)[] = [''];

  constructor(parts: DecodedParts) {
    this.count = parts.count;
    this.columnsBytes = parts.columnsBytes;
    this.kinds = parts.kinds;
    this.names = parts.names;
    this.declares = parts.declares;
    this.transitions = parts.transitions;
    this.values = parts.values;
    this.entries = parts.entries;
    this.heap = parts.valueHeap;
    this.textBytes = parts.text;
    this.textStarts = parts.textStarts;
  }

  /** The string of an id in any column. Throws JOURNAL_CORRUPT if it is not UTF-8. */
  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    try {
      const text = utf8.decode(this.textBytes.subarray(this.textStarts[id - 1], this.textStarts[id]));
      this.texts[id] = text;
      return text;
    } catch (cause) {
      throw corrupt(`string ${id} is not UTF-8`, cause);
    }
  }

  /** Bytes of the value in row `row`; empty if the batch was decoded without its value heap. */
  valueBytes(row: number): Uint8Array {
    return this.heap?.subarray(this.values.starts[row], this.values.starts[row + 1]) ?? NO_BYTES;
  }

  /** Task key of the node declared in row `row`. */
  declareKey(row: number): Uint8Array {
    return this.declares.keys.subarray(row * 16, row * 16 + 16);
  }

  /** Upstream nodes of the node declared in row `row`. */
  upstream(row: number): Uint32Array {
    const { upstream, upstreamStarts } = this.declares;
    return upstream.subarray(upstreamStarts[row], upstreamStarts[row + 1]);
  }

  /** Key of the entry in row `row`: 16 bytes, or empty. */
  entryKey(row: number): Uint8Array {
    const start = this.entries.keyStarts[row] ?? -1;
    return start < 0 ? NO_BYTES : this.entries.keys.subarray(start, start + 16);
  }

  *[Symbol.iterator](): Generator<JournalRecord, void, undefined> {
    const rows = new Uint32Array(5);
    for (const kind of this.kinds) {
      const row = rows[kind] ?? 0;
      rows[kind] = row + 1;
      yield this.record(kind, row);
    }
  }

  private record(kind: number, row: number): JournalRecord {
    switch (kind) {
      case RECORD.name:
        return this.nameRecord(row);
      case RECORD.declare:
        return this.declareRecord(row);
      case RECORD.transition:
        return this.transitionRecord(row);
      case RECORD.value:
        return this.valueRecord(row);
      default:
        return this.entryRecord(row);
    }
  }

  private nameRecord(row: number): JournalRecord {
    const { names } = this;
    return {
      type: 'name',
      id: at(names.ids, row),
      name: this.text(at(names.names, row)),
      module: this.text(at(names.modules, row)),
      code: this.text(at(names.codes, row)),
      runner: this.text(at(names.runners, row)),
      tags: tagsOf(this.text(at(names.tags, row))),
    };
  }

  private declareRecord(row: number): JournalRecord {
    const { declares } = this;
    return {
      type: 'declare',
      idx: at(declares.idx, row),
      key: this.declareKey(row),
      parent: at(declares.parents, row),
      group: at(declares.groups, row),
      stage: at(declares.stages, row),
      kind: nodeKindOf(at(declares.kinds, row)),
      nameId: at(declares.nameIds, row),
      timeUs: at(declares.times, row),
      flags: at(declares.flags, row),
      upstream: [...this.upstream(row)],
      inputs: this.text(at(declares.inputs, row)),
    };
  }

  private transitionRecord(row: number): JournalRecord {
    const { transitions } = this;
    return {
      type: 'transition',
      idx: at(transitions.idx, row),
      state: at(transitions.states, row),
      attempt: at(transitions.attempts, row),
      timeUs: at(transitions.times, row),
      lane: at(transitions.lanes, row),
      reason: this.text(at(transitions.reasons, row)),
      message: this.text(at(transitions.messages, row)),
    };
  }

  private valueRecord(row: number): JournalRecord {
    const { values } = this;
    return {
      type: 'value',
      idx: at(values.idx, row),
      attempt: at(values.attempts, row),
      storage: storageOf(at(values.storages, row)),
      bytes: this.valueBytes(row),
      size: at(values.sizes, row),
    };
  }

  private entryRecord(row: number): JournalRecord {
    const { entries } = this;
    return {
      type: 'entry',
      idx: at(entries.idx, row),
      attempt: at(entries.attempts, row),
      kind: entryKindOf(at(entries.kinds, row)),
      timeUs: at(entries.times, row),
      key: this.entryKey(row),
      body: this.text(at(entries.bodies, row)),
    };
  }
}

/** The kind of node with this code. */
export function nodeKindOf(code: number): NodeKind {
  const kind = NODE_KINDS[code];
  if (kind === undefined) throw corrupt(`it holds the node kind ${code}`);
  return kind;
}

/** The kind of entry with this code. */
export function entryKindOf(code: number): EntryKind {
  const kind = ENTRY_KINDS[code];
  if (kind === undefined) throw corrupt(`it holds the entry kind ${code}`);
  return kind;
}

function storageOf(code: number): ValueStorage {
  if (code === 0 || code === 1 || code === 2) return code;
  throw corrupt(`it holds the storage ${code}`);
}

function at(column: ArrayLike<number>, row: number): number {
  return column[row] ?? 0;
}

/** The tags of a name, written one a line. */
export function tagsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
