/**
 * What a journal holds. A run is its journal: everything else (rows, counters, screens, resume) is derived.
 *
 * A journal is a numbered sequence of **batches**; a batch is an ordered sequence of **records** held as
 * columns. One journal belongs to one top-level flow run; the stages, groups, loops and task runs in it are
 * **nodes**, numbered from 0 (the flow run itself) in order of first declaration. A node's number (`idx`) never
 * changes and is never reused, also across resumes; its identity in the flow is its task key. Times are
 * microseconds since the journal's origin (`RunHeader.originMs`).
 *
 * The columns of a journal's records: this is that says which there are. Layout, builder, encoder,
 * decoder and the types of records all come from this table, so a new column is a new line at the end of its
 * section (and in `format.md`, which is this table in words). Names, kinds and elements of a line never
 * change; a section is added with the next kind, below 128 if its rows are records.
 */
import { ENTRY_KINDS } from '../codes/entry-kind.ts';
import { NODE_KINDS } from '../codes/node-kind.ts';
import { VALUE_STORAGE } from '../codes/value-storage.ts';
import { STATES } from '../../states/state.ts';
import { digest, optionalDigest } from '../elements/digest.ts';
import { heapBytes } from '../elements/heap-bytes.ts';
import { code, flags, lane, link, node, unsigned } from '../elements/integers.ts';
import { namedCode, reason } from '../elements/names.ts';
import { nodeList, optionalNodeList } from '../elements/node-list.ts';
import { size, time } from '../elements/quantities.ts';
import { lines, repeatedText, uniqueText, words } from '../elements/text.ts';
import type { GivenRow, RowOf, Section, SectionCells } from './section.ts';

export const RECORD_SECTIONS = {
  /** A name in the journal's own table: the string of a task, stage, group or loop, with where it is defined. */
  name: {
    kind: 1,
    columns: {
      /** Small integer, unique in the journal; nodes refer to it. */
      id: unsigned('name id'),
      name: repeatedText(),
      /** Module of the definition, by its package or its path in the project; empty for groups and loops. */
      module: repeatedText(),
      /** Runner that it asks for: `inline`, `threads`, …; empty for groups and loops. */
      runner: repeatedText(),
      /** Tags of what has this name; the same task called with other tags has another name record. */
      tags: lines(),
    },
  },
  /** A node appears in the journal for the first time; its state is `pending`. */
  declare: {
    kind: 2,
    columns: {
      idx: node(),
      /** 16 bytes: the task key. */
      key: digest('key'),
      /** Node that called it, or -1. */
      parent: link('parent'),
      /** The map, reduce, cycle or group node that it belongs to for display and counting, or -1. */
      group: link('group'),
      /** The innermost stage (or the flow run, 0) that it is counted under. */
      stage: link('stage'),
      kind: namedCode('node kind', NODE_KINDS),
      nameId: unsigned('name id'),
      timeUs: time(),
      /** Bit 0: durability strict. Bit 1: persist. */
      flags: flags('flags'),
      /** Nodes whose values it consumes, in argument order. */
      upstream: nodeList('upstream'),
      /** Nodes that it only comes after, in the order given. */
      after: optionalNodeList('after'),
      /** Bounded, human-readable preview of its inputs. */
      inputs: uniqueText(),
      /** 16 bytes: digest of the arguments that it was really called with; no bytes if there is none. */
      argumentDigest: optionalDigest('argument digest'),
    },
  },
  /** A node enters a state. */
  transition: {
    kind: 3,
    columns: {
      idx: node(),
      /** By its code. */
      state: code('state', STATES.length),
      /** 0 until the first attempt starts; then the number of the attempt that this is about. */
      attempt: unsigned('attempt'),
      timeUs: time(),
      /** Lane (thread, slot) that executes it, or -1. */
      lane: lane(),
      /** Empty when nobody would ask. */
      reason: reason(),
      /** The particulars of the reason, in words. */
      message: words(),
    },
  },
  /** A node's value: inline bytes (encoded by the engine's value codec), a reference to a file, or nothing durable. */
  value: {
    kind: 4,
    columns: {
      idx: node(),
      attempt: unsigned('attempt'),
      /** A code of VALUE_STORAGE. */
      storage: code('storage', Object.keys(VALUE_STORAGE).length),
      /** inline: the encoded value. file: UTF-8 of the content address. none: a UTF-8 preview. */
      bytes: heapBytes(),
      /** Size of the value in memory or file, bytes. */
      size: size(),
    },
  },
  /** Something said or made while a node ran. */
  entry: {
    kind: 5,
    columns: {
      idx: node(),
      attempt: unsigned('attempt'),
      kind: namedCode('entry kind', ENTRY_KINDS),
      timeUs: time(),
      /** 16 bytes if the entry happens once under this key (effects, artifacts, QA); no bytes otherwise. */
      key: optionalDigest('entry key'),
      /** JSON. */
      body: uniqueText(),
    },
  },
} as const satisfies Readonly<Record<string, Section>>;

/** Kinds of records, by the names of their sections. */
export type RecordKind = keyof typeof RECORD_SECTIONS;
type ColumnsOf<Kind extends RecordKind> = (typeof RECORD_SECTIONS)[Kind]['columns'];

/** A record as it is read back. */
export type RecordOf<Kind extends RecordKind> = RowOf<ColumnsOf<Kind>>;
/** A record as it is given to a builder: fields that mostly say nothing may be left out. */
export type GivenRecord<Kind extends RecordKind> = GivenRow<ColumnsOf<Kind>>;
/** The records of one kind in a decoded batch, as columns. */
export type RecordCells<Kind extends RecordKind> = SectionCells<ColumnsOf<Kind>>;

export type NameRecord = RecordOf<'name'>;
export type DeclareRecord = RecordOf<'declare'>;
export type TransitionRecord = RecordOf<'transition'>;
export type ValueRecord = RecordOf<'value'>;
export type EntryRecord = RecordOf<'entry'>;

/** Number of each kind's section, which is also its code in a batch's order of records. */
export const RECORD_KIND_CODE = {
  name: RECORD_SECTIONS.name.kind,
  declare: RECORD_SECTIONS.declare.kind,
  transition: RECORD_SECTIONS.transition.kind,
  value: RECORD_SECTIONS.value.kind,
  entry: RECORD_SECTIONS.entry.kind,
} as const satisfies Readonly<Record<RecordKind, number>>;
