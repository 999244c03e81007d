import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { CallSite, MapSource } from '../../context/scope.ts';
import type { GroupParts } from './group-parts.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { MapRunFuture } from './map-future.ts';
import { MapGroup } from './map-group.ts';

/** Submits a map; its future is the author's. */
export function startMap(
  parts: GroupParts,
  scope: CodeScope,
  target: TaskDefinition | FlowDefinition,
  source: MapSource,
  call: CallSite,
): MapRunFuture {
  const group = new MapGroup(parts, scope, target, source, call);
  const future = new MapRunFuture(parts.futures, scope, group);
  parts.futures.retain(future, scope, group.node);
  return future;
}
