import type { LogLevel } from '@sidereal/core';
import type { StoreReader } from '@sidereal/store';

/** A log entry with the names that people know. */
export interface LogEntry {
  /** Number of the entry in the journal. */
  readonly seq: number;
  readonly timeMs: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  /** Who said it. */
  readonly task: Readonly<{ idx: number; key: string; name: string; kind: string }>;
  readonly attempt: number;
}

export interface LogFilter {
  readonly level?: LogLevel;
  readonly idx?: number | undefined;
  /** Only of task runs of this name. */
  readonly name?: string | undefined;
  /** Only entries with a higher number. */
  readonly after?: number;
}

/** Entries that one question to the store may give. */
const PAGE = 1_000;
/** Names that are remembered. */
const MAX_NAMES = 100_000;

/** Reads the log of a run, again and again, each entry once. */
export class LogReader {
  readonly #reader: StoreReader;
  readonly #runId: string;
  readonly #originMs: number;
  readonly #filter: LogFilter;
  readonly #tasks = new Map<number, LogEntry['task']>();
  #after: number;

  constructor(reader: StoreReader, runId: string, filter: LogFilter = {}) {
    this.#reader = reader;
    this.#runId = runId;
    this.#filter = filter;
    this.#after = filter.after ?? -1;
    this.#originMs = reader.run(runId).originMs;
  }

  /** All that has come since the last call, a page at a time. */
  *pages(): Generator<readonly LogEntry[], void, undefined> {
    for (let page = this.page(PAGE); page !== undefined; page = this.page(PAGE)) yield page;
  }

  /** The next entries, at most so many (fewer if some are not of the name); undefined if there are none yet. */
  page(limit: number): LogEntry[] | undefined {
    const { level, idx, name } = this.#filter;
    // Read first: what is there by now, whatever its kind, need not be looked at again.
    const total = this.#reader.run(this.#runId).entries;
    if (total - 1 <= this.#after) return undefined;
    const entries = this.#reader.entries({
      run: this.#runId,
      kinds: ['log'],
      ...(level === undefined ? {} : { level }),
      ...(idx === undefined ? {} : { idx }),
      ...(this.#after >= 0 ? { after: this.#after } : {}),
      limit,
    });
    const last = entries.at(-1)?.seq ?? -1;
    this.#after = entries.length === limit ? last : Math.max(last, total - 1);
    this.#learnNames(entries.map((entry) => entry.idx));
    return entries
      .map((entry) => ({ entry, task: this.#tasks.get(entry.idx) ?? nobody(entry.idx) }))
      .filter(({ task }) => name === undefined || task.name === name)
      .map(({ entry, task }) => ({
        seq: entry.seq,
        timeMs: this.#originMs + entry.timeUs / 1000,
        ...parseLog(entry.body),
        task,
        attempt: entry.attempt,
      }));
  }

  /** Passes over everything that is there by now. */
  skip(): void {
    this.#after = this.#reader.run(this.#runId).entries - 1;
  }

  #learnNames(numbers: readonly number[]): void {
    if (this.#tasks.size >= MAX_NAMES) this.#tasks.clear();
    const among = [...new Set(numbers)].filter((idx) => !this.#tasks.has(idx));
    if (among.length === 0) return;
    for (const { idx, key, name, kind } of this.#reader.nodes({
      run: this.#runId,
      among,
      limit: among.length,
    })) {
      this.#tasks.set(idx, { idx, key, name, kind });
    }
  }
}

function nobody(idx: number): LogEntry['task'] {
  return { idx, key: '', name: '', kind: 'task' };
}

function parseLog(body: string): Pick<LogEntry, 'level' | 'message' | 'fields'> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { level: 'info', message: body };
  }
  if (typeof parsed !== 'object' || parsed === null) return { level: 'info', message: body };
  const level = 'level' in parsed && isLogLevel(parsed.level) ? parsed.level : 'info';
  const message = 'message' in parsed ? String(parsed.message) : '';
  const fields = 'fields' in parsed && isRecord(parsed.fields) ? parsed.fields : undefined;
  return { level, message, fields };
}

function isLogLevel(value: unknown): value is LogLevel {
  return value === 'debug' || value === 'info' || value === 'warn' || value === 'error';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
