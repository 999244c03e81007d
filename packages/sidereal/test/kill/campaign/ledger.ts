/**
 * The ledger of a campaign: what really ran, and with what, written by the tasks themselves outside Sidereal. Each
 * line is one append at once, of a fixed length, so that several threads and processes may write to one file, a
 * killed process leaves whole lines, and the length of the file says how many there are.
 */
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { run } from 'sidereal';

/** What a process of a campaign is told by its environment: threads see the same. */
export interface Errand {
  readonly ledger: string;
  /** Number of its life in the case. */
  readonly life: number;
  /** The process kills itself once the ledger has so many lines. */
  readonly killAt?: number | undefined;
  /** The body of the flow throws before this wave of scenes. */
  readonly failsBefore?: number | undefined;
  /** What used to fail does so no more. */
  readonly isMended: boolean;
}

const ERRAND = 'SIDEREAL_TEST_ERRAND';

export function errandEnvironment(errand: Errand): Readonly<Record<string, string>> {
  return { [ERRAND]: JSON.stringify(errand) };
}

/** The errand of this process. */
export const errand: Errand = JSON.parse(
  process.env[ERRAND] ?? '{"ledger":"","life":0,"isMended":false}',
) as Errand;

export type Phase =
  /** A task's code has begun, was about to make its effect, or has ended well. */
  | 'begin'
  | 'effect'
  | 'end'
  /** Whoever called a strict task has got its value. */
  | 'seen';

export interface LedgerLine {
  readonly phase: Phase;
  readonly key: string;
  /** Name and number of a call, such as `pay 301`. */
  readonly what: string;
  readonly attempt: number;
  /** Digests of its arguments and of its value; they begin with `~` where a `null` stands for what has failed. */
  readonly given: string;
  readonly gave: string;
  readonly life: number;
  /** 0 is the flow's thread. */
  readonly thread: number;
}

const LINE_BYTES = 192;

/** Writes a line, and kills the process if its time has come. */
export function write(line: Pick<LedgerLine, 'phase' | 'what' | 'given' | 'gave'>): void {
  if (errand.ledger === '') return;
  const whole: LedgerLine = {
    ...line,
    key: run.key,
    attempt: run.attempt,
    life: errand.life,
    thread: threadId,
  };
  const text = JSON.stringify(whole);
  if (text.length >= LINE_BYTES) throw new RangeError(`a line of the ledger is too long: ${text}`);
  appendFileSync(errand.ledger, `${text.padEnd(LINE_BYTES - 1)}\n`);
  if (errand.killAt !== undefined && linesOf(errand.ledger) >= errand.killAt)
    process.kill(process.pid, 'SIGKILL');
}

/** How many lines a ledger has. */
export function linesOf(ledger: string): number {
  return existsSync(ledger) ? Math.floor(statSync(ledger).size / LINE_BYTES) : 0;
}

export function readLedger(ledger: string): readonly LedgerLine[] {
  if (!existsSync(ledger)) return [];
  const text = readFileSync(ledger, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as LedgerLine);
}

/** A short digest of plain data and typed arrays. */
export function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) =>
    part instanceof Float64Array ? [part.length, part[0], part.at(-1)] : part,
  );
  const digest = createHash('sha1')
    .update(text ?? '')
    .digest('hex')
    .slice(0, 12);
  return /\bnull\b/.test(text ?? '') ? `~${digest}` : digest;
}
