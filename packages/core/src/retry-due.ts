/** When a failed attempt is tried again, as the words of the state `awaiting_retry` say it: after what went wrong. */

const DUE = / \(due (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\)$/;

/** The words, with the time when it is due, ms since the epoch. */
export function withDue(message: string, dueMs: number): string {
  // A wait may end later than a date can say.
  return dueMs > LAST_MS ? message : `${message} (due ${new Date(dueMs).toISOString()})`;
}

/** What such words say: what went wrong, and when it is due, ms since the epoch, if they say that. */
export function readDue(message: string): { readonly message: string; readonly dueMs: number | undefined } {
  const match = DUE.exec(message);
  if (match === null) return { message, dueMs: undefined };
  return { message: message.slice(0, match.index), dueMs: Date.parse(match[1] ?? '') };
}

/** The last time of four digits of a year. */
const LAST_MS = Date.UTC(9999, 11, 31);
