import { STATE_CODE, stateOf, type ReasonName, type StateCode } from '@sidereal/core';
import type { RunLoop } from '../loop/run-loop.ts';
import { cancelledError, skipped, unhandledFailure, upstreamFailed } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';

/** Children that are named when a failure is unhandled. */
const NAMED = 10;

/** Words for a node that ends as upstream_failed: what it needed, and how that ended. */
export function upstreamMessage(loop: RunLoop, node: RunNode, otherwise: string): string {
  const cause = failedUpstream(loop, node);
  return cause === undefined
    ? otherwise
    : `needs ${cause.name}, which ${stateOf(loop.scheduler.stateOf(cause.id))}`;
}

/** The error that awaiting a node rejects with which the scheduler has ended without one of its own; undefined if none is due. */
export function endError(
  loop: RunLoop,
  node: RunNode,
  to: StateCode,
  reason: ReasonName,
  message: string,
): Error | undefined {
  if (to === STATE_CODE.upstream_failed) return upstreamFailed(node, failedUpstream(loop, node));
  if (to === STATE_CODE.skipped) return skipped(message);
  if (to === STATE_CODE.cancelled) return cancelledError(node, message);
  if (to === STATE_CODE.completed || to === STATE_CODE.cached) return undefined;
  if (reason !== 'unhandled_failure' || node.error !== undefined) return undefined;
  // Decided by the scheduler; a body that throws the error of another run has said why itself.
  return (node.work.type === 'container' ? node.work.explain?.() : undefined) ?? failureBeneath(loop, node);
}

/** The error of a node whose code has succeeded, but beneath which a failure is unhandled. */
export function failureBeneath(loop: RunLoop, node: RunNode): Error {
  const children = loop.scheduler.unhandledChildren(node.id);
  const failed = children.slice(0, NAMED).flatMap((id) => loop.nodes.get(id) ?? []);
  return unhandledFailure(node, failed, children.length);
}

function failedUpstream({ scheduler }: RunLoop, node: RunNode): RunNode | undefined {
  return node.upstream.find(({ id }) => scheduler.hasEnded(id) && !scheduler.hasSucceeded(id));
}
