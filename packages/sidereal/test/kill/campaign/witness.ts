/**
 * Compares the record of a case with its ledger after each life of a process. It holds what must never change again:
 * what was recorded complete, and what strict tasks have done.
 */
import { isSiderealError } from '@sidereal/core';
import { openStoreReader, type NodeSummary } from '@sidereal/store';
import { readLedger, type LedgerLine } from './ledger.ts';

/** What an undisturbed run of the same flow has done: ends of tasks by their keys. */
export interface Reference {
  readonly ends: ReadonlyMap<string, LedgerLine>;
  readonly lines: number;
  readonly durationMs: number;
}

/** Names of tasks whose values the record does not keep: who needs one has it made again. */
const MADE_AGAIN = new Set(['fleeting', 'calls-deeply']);
/** What has seen failures looks again once they are retried: a task, and a stage whose strict task was in doubt. */
const LOOKS_AGAIN = new Set(['count', 'careful']);
const STRICT = new Set(['pay', 'pay-on-thread']);
/** Strict and others whose values take a while to be put down do not count among what is recorded at once. */
const RECORDED_LATER = new Set(['pay', 'pay-on-thread', 'post', 'big', 'calls', 'calls-deeply']);

export interface WitnessOptions {
  readonly folder: string;
  readonly ledger: string;
  /** None: this is the undisturbed run. */
  readonly reference: Reference | undefined;
}

export class Witness {
  readonly #folder: string;
  readonly #ledger: string;
  readonly #reference: Reference | undefined;
  /** What was recorded complete at some time, by key. */
  readonly #completed = new Map<string, NodeSummary>();
  /** What had been recorded complete when a life began. */
  readonly #births = new Map<number, ReadonlySet<string>>();
  /** How many effects a call of a strict task may have had, beyond one. */
  readonly #allowed = new Map<string, number>();
  /** Ends of tasks that a kill has kept from the record. */
  lost = 0;

  constructor({ folder, ledger, reference }: WitnessOptions) {
    this.#folder = folder;
    this.#ledger = ledger;
    this.#reference = reference;
  }

  /** The store has its run. One whose process was killed before its first batch has no nodes yet. */
  get hasRun(): boolean {
    return this.record().run !== undefined;
  }

  /** What the record says just now. */
  record(): { readonly run: string | undefined; readonly nodes: readonly NodeSummary[] } {
    try {
      using reader = openStoreReader(this.#folder);
      const [latest] = reader.listRuns({ limit: 1 });
      const nodes = latest === undefined ? [] : reader.nodes({ run: latest.id, limit: 100_000 });
      return { run: latest?.id, nodes };
    } catch (error) {
      if (isSiderealError(error, 'STORE_NOT_FOUND')) return { run: undefined, nodes: [] };
      throw error;
    }
  }

  /** A process is about to start. Has anything failed so far? */
  begins(life: number, verb: 'start' | 'resume' | 'retry'): boolean {
    const { nodes } = this.record();
    this.#remember(nodes);
    this.#births.set(life, new Set(nodes.filter((node) => isComplete(node)).map(({ key }) => key)));
    // Under `retry`, somebody has looked at the outside world and says that it may be done.
    const lines = verb === 'retry' ? readLedger(this.#ledger) : [];
    for (const { key, reason } of nodes) {
      if (reason !== 'outcome_unknown') continue;
      const what = lines.find((line) => line.key === key)?.what;
      if (what !== undefined) this.#allowed.set(what, (this.#allowed.get(what) ?? 0) + 1);
    }
    return nodes.some(({ state }) => state === 'failed');
  }

  /** A process has ended; whatever is wrong, in words. */
  ended(life: number, wasKilled: boolean): readonly string[] {
    const lines = readLedger(this.#ledger);
    const { run, nodes } = this.record();
    const own = lines.filter((line) => line.life === life);
    const problems = [
      ...this.#keptProblems(nodes),
      ...this.#repeatProblems(own),
      ...this.#effectProblems(lines),
      ...this.#valueProblems(lines),
      ...seenProblems(lines, nodes),
      ...this.#lossProblems(own, nodes, wasKilled),
      ...(run === undefined ? [] : this.#discrepancies(run)),
    ];
    this.#remember(nodes);
    return problems;
  }

  #remember(nodes: readonly NodeSummary[]): void {
    for (const node of nodes) if (isComplete(node)) this.#completed.set(node.key, node);
  }

  /** What was recorded complete stays so. */
  #keptProblems(nodes: readonly NodeSummary[]): readonly string[] {
    const now = new Map(nodes.map((node) => [node.key, node]));
    return [...this.#completed.values()]
      .filter(({ name }) => !MADE_AGAIN.has(name) && !LOOKS_AGAIN.has(name))
      .flatMap(({ key, name, attempt }) => {
        const node = now.get(key);
        if (node?.state === 'completed' && node.attempt === attempt) return [];
        return [
          `${name} ${key.slice(0, 8)} was completed in attempt ${attempt} and is ${node?.state} in ${node?.attempt}`,
        ];
      });
  }

  #repeatProblems(own: readonly LedgerLine[]): readonly string[] {
    return own
      .filter(({ phase, key, what, life }) => {
        const name = nameOf(what);
        const isFree = MADE_AGAIN.has(name) || LOOKS_AGAIN.has(name);
        return phase === 'begin' && !isFree && this.#births.get(life)?.has(key) === true;
      })
      .map(({ what, attempt }) => `${what} was recorded complete and ran again (attempt ${attempt})`);
  }

  /** By what was to be done, whatever the key. */
  #effectProblems(lines: readonly LedgerLine[]): readonly string[] {
    const effects = Map.groupBy(
      lines.filter(({ phase, what }) => phase === 'effect' && STRICT.has(nameOf(what))),
      ({ what }) => what,
    );
    return [...effects].flatMap(([what, made]) => {
      if (made.length <= 1 + (this.#allowed.get(what) ?? 0)) return [];
      const when = made.map(({ life, attempt, key }) => `life ${life} attempt ${attempt} ${key.slice(0, 8)}`);
      return [`${what} was done ${made.length} times: ${when.join(', ')}`];
    });
  }

  /** Arguments and values are those of an undisturbed run, unless something that is in doubt is among them. */
  #valueProblems(lines: readonly LedgerLine[]): readonly string[] {
    const reference = this.#reference;
    if (reference === undefined) return [];
    return lines.flatMap(({ phase, key, what, given, gave }) => {
      if (phase !== 'end' || isDrawn(what) || given.startsWith('~')) return [];
      const other = reference.ends.get(key);
      if (other === undefined) return [`${what} has a key that it has not in an undisturbed run`];
      return other.given === given && other.gave === gave
        ? []
        : [`${what} was given ${given} and gave ${gave}; undisturbed ${other.given}, ${other.gave}`];
    });
  }

  /** What ended before a strict task whose end was seen is in the record; of the rest, a kill may take some. */
  #lossProblems(
    own: readonly LedgerLine[],
    nodes: readonly NodeSummary[],
    wasKilled: boolean,
  ): readonly string[] {
    const isRecorded = new Set(nodes.filter((node) => hasEnded(node)).map(({ key }) => key));
    const lost = own
      .map((line, at) => ({ ...line, at }))
      .filter(({ phase, key }) => phase === 'end' && !isRecorded.has(key));
    this.lost += lost.length;
    const isSeen = new Set(own.filter(({ phase }) => phase === 'seen').map(({ what }) => what));
    const until = own.findLastIndex(({ phase, what }) => phase === 'effect' && isSeen.has(what));
    return lost
      .filter(
        ({ at, thread, what }) =>
          !wasKilled || (at < until && thread === 0 && !RECORDED_LATER.has(nameOf(what))),
      )
      .map(({ what }) => `${what} has ended and is not in the record`);
  }

  #discrepancies(run: string): readonly string[] {
    using reader = openStoreReader(this.#folder);
    return reader
      .verify(run)
      .discrepancies.map(
        ({ what, expected, found }) => `${what}: ${expected} in the journal, ${found} in the table`,
      );
  }
}

/** What a caller has got of a strict task is in the record. */
function seenProblems(lines: readonly LedgerLine[], nodes: readonly NodeSummary[]): readonly string[] {
  const state = new Map(nodes.map((node) => [node.key, node.state]));
  return lines.flatMap(({ phase, what }) => {
    if (phase !== 'seen' || !STRICT.has(nameOf(what))) return [];
    const keys = lines.filter((line) => line.phase === 'begin' && line.what === what).map(({ key }) => key);
    return keys.some((key) => state.get(key) === 'completed')
      ? []
      : [`${what} was seen and is not in the record`];
  });
}

function nameOf(what: string): string {
  return what.slice(0, what.indexOf(' '));
}

/** Called with a drawn number, which is another in another run. */
function isDrawn(what: string): boolean {
  return what.includes('.');
}

function isComplete({ kind, state }: NodeSummary): boolean {
  return (kind === 'task' || kind === 'stage') && state === 'completed';
}

function hasEnded({ state }: NodeSummary): boolean {
  return ['completed', 'failed', 'skipped', 'cancelled', 'upstream_failed', 'crashed', 'removed'].includes(
    state,
  );
}
