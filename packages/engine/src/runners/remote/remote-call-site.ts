import { SiderealError } from '@sidereal/core/errors';
import type { CallSite } from '../../context/operation.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { userCallSite } from '../../identity/call-site.ts';
import { untransferable } from '../cloning/encoded-outcome.ts';
import type { DefinitionAddress } from '../request.ts';
import type { RemoteCall } from './remote-calls.ts';

/** Of operations that stand at no call of a task or flow. */
export const NO_SITE = { overrides: {}, after: [], at: undefined } as const;

export function addressOf({ module, name }: TaskDefinition | FlowDefinition): DefinitionAddress {
  return { module, name };
}

/** A call of a task or flow, as it is sent. */
export function remoteCall(
  { name }: TaskDefinition | FlowDefinition,
  { overrides, after, at }: CallSite,
  write: RemoteCall['write'],
): RemoteCall {
  return { name, overrides: { ...overrides }, after, at: at(), write };
}

/** What code says of itself cannot be sent. */
export function unsayable(entry: string, body: unknown, names: ClassNames, cause: unknown): SiderealError {
  const { path, what } = untransferable(body, 'body', names);
  return new SiderealError(
    'UNCLONEABLE_ARGUMENT',
    `${path} of a ${entry} is ${what}, which cannot be recorded`,
    { at: userCallSite()?.at, cause, remedy: 'Record plain data.' },
  );
}
