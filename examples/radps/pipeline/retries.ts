import type { RetryOptions } from 'sidereal';

/** Failures of disks and networks that may be gone in a moment; data that are wrong stay wrong. */
const TRANSIENT = new Set([
  'EAGAIN',
  'EBUSY',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ESTALE',
  'ETIMEDOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'SERVICE_UNREACHABLE',
  'MOCK_FAILURE',
]);

/** Is a failure worth another try? Looks through the causes for one that passes. */
export function isTransient(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && TRANSIENT.has(cause.code)) return true;
  }
  return false;
}

/** For tasks that talk to the outside world: an archive, a catalogue, a disk. */
export const RETRIES: RetryOptions = {
  limit: 4,
  delay: '200ms',
  factor: 2,
  jitter: 0.2,
  retryIf: isTransient,
};
