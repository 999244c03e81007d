import type { CallSite } from '../scope.ts';
import type { FlowRun } from './flow-run.ts';
import type { MapGroup, MapRunFuture } from './map-group.ts';
import { RunFuture } from './run-future.ts';
import type { RunNode } from './run-node.ts';
import { foreignFuture } from './scope-errors.ts';

/** Where a map or reduce takes its items from. */
export interface ItemsInput {
  /** A map of the same run: its items are taken as they are submitted. */
  readonly map: MapGroup | undefined;
  /** The run that gives the items, if one does: the group begins once it has ended. */
  readonly consumes: readonly RunNode[];
  /** The items, to be asked for once the group begins. */
  readonly items: () => unknown;
}

/** Looks at what a map or reduce was given. Throws `FOREIGN_FUTURE`. */
export function itemsInput(run: FlowRun, items: unknown, what: string, call: CallSite): ItemsInput {
  if (!(items instanceof RunFuture)) return { map: undefined, consumes: [], items: () => items };
  if (items.run !== run) throw foreignFuture(what, call.at());
  if (isMapFuture(items)) return { map: items.group, consumes: [], items: () => items };
  const { node } = items;
  return {
    map: undefined,
    consumes: node === undefined ? [] : [node],
    items: async () => run.waiting.value(node ?? (await items.submitted)),
  };
}

function isMapFuture(items: RunFuture): items is MapRunFuture {
  return 'group' in items;
}
