/** Levels of log entries, with the numbers that stores filter by. The numbers are in every store. */
export const LOG_LEVELS = { debug: 10, info: 20, warn: 30, error: 40 } as const;
export type LogLevel = keyof typeof LOG_LEVELS;
