import { SiderealError, type State } from '@sidereal/core';
import type { RunNode } from './run-node.ts';
import { thrownMessage } from '../../errors/thrown-message.ts';

/** How a run is named in messages: `grid-channel (3f2a91c0)`. */
export function nodeText(node: Pick<RunNode, 'name' | 'key'>): string {
  return `${node.name} (${node.key.slice(0, 8)})`;
}

/** Thrown by `skip()`; ends the task or stage as skipped. Also what awaiting a skipped run rejects with. */
export function skipped(message: string): SiderealError<'SKIPPED'> {
  return new SiderealError('SKIPPED', message, {
    remedy: 'To go on without its value, use settled(future) or a trigger rule such as none_failed.',
  });
}

/** What stands for what a run's code threw, if that is no error: it has no line of its own. */
export function thrownBy(node: RunNode, thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  const { work } = node;
  const at = work.type === 'task' || work.type === 'flow' ? work.definition.at : undefined;
  const message = `${node.kind} '${node.name}' threw ${thrownMessage(thrown)}, which is no error`;
  return new SiderealError('NOT_AN_ERROR', message, {
    at,
    cause: thrown,
    remedy: 'Throw an Error: it says where it was thrown.',
  });
}

export function cancelledError(node: RunNode, why: string): SiderealError<'CANCELLED'> {
  return new SiderealError('CANCELLED', `${nodeText(node)} was cancelled: ${why}`, {
    remedy: 'Continue the run with `sidereal resume`.',
  });
}

/** Code whose attempt is over asks for the value of a run. */
export function awaitedTooLate(node: RunNode, by: RunNode): SiderealError<'FLOW_ENDED'> {
  return new SiderealError('FLOW_ENDED', `${nodeText(node)} was awaited after ${by.name} had ended`, {
    remedy:
      'Listen to run.signal: it is aborted when the code is to stop, and what it still does is ignored.',
  });
}

export function upstreamFailed(node: RunNode, cause: RunNode | undefined): SiderealError<'UPSTREAM_FAILED'> {
  const because =
    cause === undefined ? 'a run that it needs has failed' : `${nodeText(cause)}, which it needs, has failed`;
  return new SiderealError('UPSTREAM_FAILED', `${nodeText(node)} could not run: ${because}`, {
    cause: cause?.error,
    remedy: 'Mend the cause, then `sidereal retry --failed`.',
  });
}

export function timedOut(node: RunNode): SiderealError<'TIMED_OUT'> {
  return new SiderealError(
    'TIMED_OUT',
    `${nodeText(node)} ran longer than its timeout of ${node.options.timeoutMs} ms`,
    {
      remedy: 'Raise the timeout; code that listens to run.signal can stop in time.',
    },
  );
}

/** `what`: in words, why that is not known. */
export function outcomeUnknown(
  node: Pick<RunNode, 'idx' | 'name' | 'key'>,
  what: string,
  cause?: unknown,
): SiderealError<'OUTCOME_UNKNOWN'> {
  return new SiderealError(
    'OUTCOME_UNKNOWN',
    `${nodeText(node)} is strict and ${what}: nobody knows whether its effect happened, or may happen again`,
    {
      cause,
      remedy: `Check the outside world, then \`sidereal retry RUN --task ${node.idx}\`; or declare onUnknown: 'rerun' if running it twice is harmless.`,
    },
  );
}

/** What stands for the outcome of a run that has none yet, under a rule that does not wait for it. */
export function notEnded(node: RunNode, state: State): SiderealError<'NOT_ENDED'> {
  return new SiderealError('NOT_ENDED', `${nodeText(node)} is ${state}: it has not ended yet`, {
    remedy: 'Use a trigger rule that waits for it, such as all_done.',
  });
}

/** A value that the record no longer holds, and that nothing here can make again. */
export function valueLost(node: RunNode): SiderealError<'VALUE_LOST'> {
  return new SiderealError('VALUE_LOST', `the value of ${nodeText(node)} is needed again and is gone`, {
    remedy: 'Run `sidereal doctor`; then `sidereal retry --from` the stage that makes it.',
  });
}

export function unhandledFailure(node: RunNode, failed: readonly RunNode[], count: number): SiderealError {
  const names = failed.slice(0, 3).map(nodeText).join(', ');
  const more = count > 3 ? ` and ${count - 3} more` : '';
  return new SiderealError(
    'UNHANDLED_FAILURE',
    `${node.name} failed: nothing handles the failure of ${names}${more}`,
    {
      cause: failed[0]?.error,
      remedy: 'Await the call, wrap it in settled(), or consume it under a tolerant trigger rule.',
    },
  );
}

/** An item that a map has not had. */
export function noItem(name: string, at: number): SiderealError<'INTERNAL'> {
  return new SiderealError('INTERNAL', `the map of '${name}' has no item ${at}`, {
    remedy: 'This is a defect in Sidereal; report it with the run id.',
  });
}

export function mapFailed(
  name: string,
  errors: readonly unknown[],
  failed: number,
  total: number,
): SiderealError {
  const groups = new Map<string, { count: number; first: unknown }>();
  for (const error of errors) {
    // Without the keys of runs, which are different in each: causes are grouped by what they say.
    const text = thrownMessage(error).replaceAll(/ \([0-9a-f]{8}\)/g, '');
    const group = groups.get(text);
    if (group === undefined) groups.set(text, { count: 1, first: error });
    else group.count += 1;
  }
  const lines = [...groups].slice(0, 5).map(([text, { count }]) => `${count}× ${text.split('\n', 1)[0]}`);
  return new SiderealError(
    'MAP_FAILED',
    `${failed} of ${total} runs of ${name} failed: ${lines.join('; ')}`,
    {
      cause: new AggregateError(
        [...groups.values()].map(({ first }) => first),
        `${groups.size} different causes`,
      ),
      remedy: 'Mend the causes, then `sidereal retry --failed`; or accept failures with eachSettled(map).',
    },
  );
}
