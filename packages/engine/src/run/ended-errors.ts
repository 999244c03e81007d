import { STATE_CODE, stateOf, type ReasonName } from '@sidereal/core';
import type { FlowRun } from './flow-run.ts';
import { cancelledError, skipped, unhandledFailure, upstreamFailed } from './run-errors.ts';
import type { RunNode } from './run-node.ts';

/** Children that are named when a failure is unhandled. */
const NAMED = 10;

/** Words for a node that ends as upstream_failed: what it needed, and how that ended. */
export function upstreamMessage(run: FlowRun, node: RunNode, otherwise: string): string {
  const cause = failedUpstream(run, node);
  return cause === undefined
    ? otherwise
    : `needs ${cause.name}, which ${stateOf(run.scheduler.stateOf(cause.id))}`;
}

/** Gives a node that ended without an error of its own the error that awaiting it rejects with. */
export function explainEnd(
  run: FlowRun,
  node: RunNode,
  to: number,
  reason: ReasonName,
  message: string,
): void {
  if (to === STATE_CODE.completed || to === STATE_CODE.cached) return;
  if (to === STATE_CODE.upstream_failed) {
    node.error = upstreamFailed(node, failedUpstream(run, node));
  } else if (to === STATE_CODE.skipped) {
    node.error = skipped(message);
  } else if (to === STATE_CODE.cancelled) {
    node.error = cancelledError(node, message);
  } else if (reason === 'unhandled_failure' && node.error === undefined) {
    // Decided by the scheduler; a body that throws the error of another run has said why itself.
    node.error =
      (node.work.type === 'container' ? node.work.explain?.() : undefined) ?? failureBeneath(run, node);
    run.attempts.recordError(node, node.error);
  }
}

/** The error of a node whose code has succeeded, but beneath which a failure is unhandled. */
export function failureBeneath(run: FlowRun, node: RunNode): Error {
  const children = run.scheduler.unhandledChildren(node.id);
  const failed = children.slice(0, NAMED).flatMap((id) => run.node(id) ?? []);
  return unhandledFailure(node, failed, children.length);
}

function failedUpstream(run: FlowRun, node: RunNode): RunNode | undefined {
  return node.upstream.find(({ id }) => run.scheduler.hasEnded(id) && !run.scheduler.hasSucceeded(id));
}
