import { LOG_LEVELS } from '@sidereal/core';

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
