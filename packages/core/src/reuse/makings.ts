/**
 * What a journal says of values that were made anew: keyed notes, one of a node in force, the last.
 *
 * A node that had ended and begins again says so before it does. What consumed it and ended before that has another
 * input; what ended later consumed what was made then. A container, whose code runs at every execution, says instead
 * what it is made of or what its code gave, whenever that is not what it was.
 */
import { entryKindOf } from '../journal/codes/entry-kind.ts';
import type { RecordedEntry } from '../journal/journal-store.ts';

/** When a node's value was made anew, and what a container was made of then. */
export interface Making {
  /** Microseconds since the journal's origin, as its times; 0: it is as it was first made. */
  readonly madeUs: number;
  /** Digest of a container's contents; empty if they cannot be told from others, absent for what is no container. */
  readonly contents?: string | undefined;
}

/** Codes of these notes. They are the engine's own and are not shown to people. */
const MADE_ANEW = 'made_anew';
const CONTENTS = 'contents';

/** The body of the note. */
export function makingEntry({ madeUs, contents }: Making): Readonly<Record<string, unknown>> {
  return contents === undefined ? { code: MADE_ANEW, madeUs } : { code: CONTENTS, madeUs, contents };
}

/** Is this the code of a note that only tells of a making? */
export function isMakingCode(code: string): boolean {
  return code === MADE_ANEW || code === CONTENTS;
}

/** The last making of each node that has one. */
export function makingsOf(keyed: readonly RecordedEntry[]): ReadonlyMap<number, Making> {
  const makings = new Map<number, Making>();
  for (const { idx, kind, body } of keyed) {
    const making = entryKindOf(kind) === 'note' ? readMaking(body) : undefined;
    if (making !== undefined) makings.set(idx, making);
  }
  return makings;
}

function readMaking(body: string): Making | undefined {
  const entry: unknown = JSON.parse(body);
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { code, madeUs, contents } = entry as Readonly<Record<string, unknown>>;
  if (typeof madeUs !== 'number') return undefined;
  if (code === MADE_ANEW) return { madeUs };
  return code === CONTENTS && typeof contents === 'string' ? { madeUs, contents } : undefined;
}
