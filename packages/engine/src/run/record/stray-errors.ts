import { errorRecord } from '../../errors/journal-error.ts';
import { errorLine } from '../../errors/thrown-message.ts';
import type { StrayError, StraySource } from '../../runners/runner.ts';
import type { RunRecord } from './run-record.ts';

/** Errors of one node that are recorded and said; a timer that throws at each of its turns must not fill the record. */
const MOST_OF_A_NODE = 10;

/** Whose code it was: a task's, unless it says otherwise. */
type Source = StraySource & { readonly kind?: string };

/** Where the run itself stands in the journal: what belongs to no task is recorded there. */
const ROOT = { idx: 0, attempt: 1 };

/**
 * Errors that nothing catches. Each belongs to the task in whose async context it was thrown, whether that has ended
 * or not: it is recorded there and said, and fails nobody. What is no task's is recorded at the run.
 */
export class StrayErrors {
  readonly #record: RunRecord;
  readonly #say: (message: string) => void;
  /** How many each node has had, by its number in the journal. */
  readonly #counts = new Map<number, number>();

  constructor({ record, say }: Readonly<{ record: RunRecord; say: (message: string) => void }>) {
    this.#record = record;
    this.#say = say;
  }

  /** How many there were in all. */
  get count(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** `isSaid`: the program itself hears of it, and decides what to say. */
  add({ of, where, error }: StrayError & { readonly of: Source | undefined }, isSaid = false): void {
    const { idx, attempt } = of ?? ROOT;
    const count = (this.#counts.get(idx) ?? 0) + 1;
    this.#counts.set(idx, count);
    if (count > MOST_OF_A_NODE) return;
    const record = errorRecord(error);
    const at = record.at ?? of?.at;
    const message = `${strayText(ownerText(of, where), record.name, error)}${at === undefined ? '' : ` (${at})`}`;
    this.#record.entryAt(idx, attempt, {
      kind: 'note',
      body: { code: 'stray_error', message, error: record },
    });
    if (isSaid) return;
    this.#say(message);
    if (count === MOST_OF_A_NODE) this.#say(`further ones of its kind are not told`);
  }
}

function strayText(owner: string, name: string, error: unknown): string {
  return `${owner} an error that nothing catches: ${name}: ${errorLine(error)}`;
}

function ownerText(of: Source | undefined, where: string): string {
  return of === undefined
    ? `code of no task threw, on ${where},`
    : `${of.kind ?? 'task'} '${of.name}' left behind`;
}
