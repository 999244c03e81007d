import { Logger } from 'graphile-worker';

/** Warnings and errors to stderr. */
export const logger = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') console.error(message);
});
