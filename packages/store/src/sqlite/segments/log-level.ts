/** Levels of log entries, as the store keeps them for filtering. Codes are part of the schema. */
export const LOG_LEVELS = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;

/** The level that a log entry's body names; undefined if it names none of ours. */
export function levelOf(body: string): number | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined; // a body that is not JSON is still a log entry
  }
  if (typeof parsed !== 'object' || parsed === null || !('level' in parsed)) return undefined;
  const { level } = parsed;
  return level === 'debug' || level === 'info' || level === 'warn' || level === 'error'
    ? LOG_LEVELS[level]
    : undefined;
}
