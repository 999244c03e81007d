export { asError, errorOf, errorRecord } from '../../errors/journal-error.ts';

/** First line of an error, for a state's message. */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 300);
}
