import type { Settled } from '../../future/future.ts';
import { RunFuture, type FutureHost } from '../futures/run-future.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { FollowedItems } from './followers.ts';
import type { MapGroup } from './map-group.ts';

/** The future of a map group; also a source of its items' futures for `map` and `reduce`. */
export class MapRunFuture extends RunFuture {
  readonly isMap = true;
  readonly group: MapGroup;

  constructor(host: FutureHost, scope: CodeScope, group: MapGroup) {
    super(host, scope, group.node);
    this.group = group;
  }

  /** What `map` and `reduce` take the items from. */
  get followed(): FollowedItems {
    return this.group;
  }

  /** What `eachSettled` asks. */
  settledItems(): Promise<Settled<unknown>[]> {
    return this.group.settledItems();
  }

  protected override async outcome(): Promise<unknown> {
    this.group.keepValues();
    try {
      return await super.outcome();
    } finally {
      this.group.valuesGiven();
    }
  }
}
