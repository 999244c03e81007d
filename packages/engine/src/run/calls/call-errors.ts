import { SiderealError } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunNode } from '../nodes/run-node.ts';

/** A call that comes after the flow, stage or task that it belongs to has ended. */
export function flowEnded(what: string, node: RunNode, at: string | undefined): SiderealError {
  return new SiderealError('FLOW_ENDED', `${what} was called after ${node.name} had ended`, {
    at,
    remedy:
      'Await, inside the flow, whatever makes this call (a timer, a callback), so that the flow outlives it.',
  });
}

/** More plain calls outstanding than can be pushed back. */
export function tooManyCalls(name: string, limit: number, at: string | undefined): SiderealError {
  return new SiderealError(
    'TOO_MANY_CALLS',
    `more than ${limit} calls are outstanding, the last of task '${name}'`,
    {
      at,
      remedy: `Use ${name}.map(items, …): it pulls items as the runs before them end, so that any number will do.`,
    },
  );
}

/** A stage in a stage in a stage, most likely because a flow calls itself. */
export function flowTooDeep(name: string, limit: number, at: string | undefined): SiderealError {
  return new SiderealError(
    'FLOW_TOO_DEEP',
    `flow '${name}' is called ${limit} flows deep: a flow that calls itself must come to an end`,
    {
      at,
      remedy: `Let it end sooner, or iterate: loop(name, { max }, …). Tasks that call themselves may go deeper.`,
    },
  );
}

type Named = Pick<TaskDefinition | FlowDefinition, 'kind' | 'name' | 'at'>;

/** Two tasks or flows of one name in one module. */
export function duplicateName(one: Named, other: Named): SiderealError {
  const what = one.kind === other.kind ? `two ${one.kind}s` : 'a task and a flow';
  return new SiderealError(
    'DUPLICATE_NAME',
    `${what} of one module have the name '${one.name}': ${other.at} and ${one.at}`,
    {
      at: one.at,
      remedy: 'Give one of them another name: the name is what threads and resumed runs find it by.',
    },
  );
}

/** A future of another run among the arguments. */
export function foreignFuture(what: string, at: string | undefined): SiderealError {
  return new SiderealError('FOREIGN_FUTURE', `${what} was given a future of another flow run`, {
    at,
    remedy: 'Await the future where it was made and pass its value.',
  });
}

/** One explicit key for two calls of a task in one scope. */
export function duplicateKey(
  name: string,
  key: string,
  first: string | undefined,
  at: string | undefined,
): SiderealError {
  return new SiderealError(
    'DUPLICATE_KEY',
    `two calls of '${name}' have the key '${key}': at ${first ?? 'an unknown line'} and at ${at ?? 'an unknown line'}`,
    {
      at,
      remedy: 'Give each its own key: it stands for the arguments, and tells the calls of one scope apart.',
    },
  );
}

/** A strict task that could not be known again after a crash. */
export function unkeyable(name: string, why: string, at: string | undefined): SiderealError {
  return new SiderealError(
    'UNKEYABLE',
    `task '${name}' is strict, and a call of it could not be known again: ${why}`,
    {
      at,
      remedy:
        "Give the call a key (task.with({ key: '…' })(…)) or the definition an identity ({ identity: '…' }), define it at module level, or pass plain data.",
    },
  );
}
