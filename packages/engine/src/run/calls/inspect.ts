import { findThenables } from '../../data/resolve-deep.ts';
import type { CallSite } from '../../context/scope.ts';
import { RunFuture, type FutureHost } from '../futures/run-future.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { foreignFuture } from './call-errors.ts';

/** What a call waits for, as far as its arguments show. */
export interface FoundFutures {
  /** Nodes among the futures, each once. */
  readonly nodes: readonly RunNode[];
  /** Plain promises, and futures of calls that are not submitted yet. */
  readonly promises: readonly PromiseLike<unknown>[];
}

const NONE: readonly RunNode[] = [];

/** Finds the futures and promises in what a call was given. Throws `FOREIGN_FUTURE` for a future of another run. */
export function inspect(host: FutureHost, value: unknown, what: string, call: CallSite): FoundFutures {
  const nodes: RunNode[] = [];
  const promises: PromiseLike<unknown>[] = [];
  findThenables(value, (thenable) => {
    if (!(thenable instanceof RunFuture)) promises.push(thenable);
    else if (thenable.host !== host) throw foreignFuture(what, call.at());
    else if (thenable.node === undefined) promises.push(thenable.submitted);
    else nodes.push(thenable.node);
  });
  // Sliced, because these lists live long and a list that grew by pushing keeps room for seventeen.
  const unique = nodes.length > 1 ? [...new Set(nodes)] : nodes;
  return { nodes: unique.length === 0 ? NONE : unique.slice(), promises };
}
