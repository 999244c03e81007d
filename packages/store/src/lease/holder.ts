import type { ProcessIdentity, ProcessProbe } from './process-identity.ts';

/** Who holds a run's lease, as the store keeps it. */
export interface Holder extends ProcessIdentity {
  /** When the holder was last heard of, milliseconds since the epoch. */
  readonly heartbeatMs: number;
}

/** Is a run being executed? */
export type Liveness =
  /** Nobody holds the run. */
  | { readonly status: 'free' }
  /** Its holder is at work. */
  | { readonly status: 'live'; readonly holder: Holder; readonly ageMs: number }
  /** Its holder is gone without having closed it. */
  | { readonly status: 'dead'; readonly holder: Holder; readonly ageMs: number };

/** A holder that cannot be looked at is alive while its heartbeat is younger than this. */
export const HEARTBEAT_TRUST_MS = 30_000;

/** How often a holder is heard of. */
export const HEARTBEAT_INTERVAL_MS = 1_000;

/**
 * Decides whether a holder is alive. On its own machine its process is looked at: it must exist and have
 * started when the holder did, so that a reused process number does not count. From anywhere else, or where
 * start times are not known, its heartbeat must be fresh.
 */
export function judgeHolder(
  holder: Holder | undefined,
  nowMs: number,
  here: Pick<ProcessIdentity, 'machine'>,
  probe: (pid: number) => ProcessProbe,
): Liveness {
  if (holder === undefined) return { status: 'free' };
  const ageMs = Math.max(0, nowMs - holder.heartbeatMs);
  const verdict = (alive: boolean): Liveness => ({ status: alive ? 'live' : 'dead', holder, ageMs });
  const isFresh = ageMs < HEARTBEAT_TRUST_MS;
  if (holder.machine !== here.machine) return verdict(isFresh);
  const found = probe(holder.pid);
  if (!found.exists) return verdict(false);
  if (found.start === '' || holder.start === '') return verdict(isFresh);
  return verdict(found.start === holder.start);
}
