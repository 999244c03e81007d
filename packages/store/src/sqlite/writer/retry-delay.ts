/** How long to wait before trying again for the n-th time (from 0): short steps while a lock is held, doubling ones while the disk is full. */
export function retryDelayMs(failure: 'busy' | 'full', attempt: number): number {
  return failure === 'busy' ? 20 : Math.min(2_000, 100 * 2 ** attempt);
}
