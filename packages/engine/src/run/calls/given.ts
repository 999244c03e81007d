import type { CanonicalText } from '@sidereal/core';
import type { CallSite } from '../../context/scope.ts';
import {
  captureArguments,
  captureList,
  materialize,
  opaqueAmong,
  textOfArguments,
  type CaptureContext,
  type CapturedArguments,
} from '../../data/captured-arguments.ts';
import { bytesDigest } from '../../data/digest.ts';
import type { Obstacle } from '../../data/obstacles.ts';
import { ArraySnapshots } from '../../data/snapshots.ts';
import { ValueIdentity, type FutureText } from '../../data/value-identity.ts';
import { asError } from '../../errors/journal-error.ts';
import { isThenable } from '../../future/future.ts';
import { RunFuture, type FutureHost } from '../futures/run-future.ts';
import { ALL_SUCCESS } from '../nodes/resolved-options.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { foreignFuture } from './call-errors.ts';

/** The arguments of a call as they were when it was made, and the runs whose values stand among them. */
export interface Given {
  readonly captured: CapturedArguments;
  /** Each once. */
  readonly nodes: readonly RunNode[];
  /** The arguments themselves, for whoever looks at them before any other code runs. */
  readonly shown: readonly unknown[];
}

/** The same before all of it is there: promises and futures of calls that are not submitted yet stand among it. */
export interface Pending extends Given {
  readonly promises: readonly PromiseLike<unknown>[];
}

/** Arguments whose promises have come. */
export interface Come extends Given {
  /** Why the first promise that has rejected did: the call is to fail. */
  readonly rejection: { readonly error: unknown } | undefined;
}

const NOTHING_PENDING: Omit<Pending, 'captured' | 'shown'> = { nodes: [], promises: [] };

/** Takes in what the calls of a run are given: a copy of it, whoever changes the objects afterwards. */
export class Intake {
  readonly #host: FutureHost;
  readonly #context: CaptureContext;
  /** A future stands for the run that gives it. */
  readonly #futureText: FutureText = (future) => (future instanceof RunFuture ? future.node?.key : undefined);

  constructor(host: FutureHost) {
    this.#host = host;
    const snapshots = new ArraySnapshots(bytesDigest);
    const identity = new ValueIdentity(snapshots);
    this.#context = { snapshots, identity, isFuture: (value) => value instanceof RunFuture };
  }

  /** Throws `FOREIGN_FUTURE` for a future of another run, and `FUTURE_HIDDEN`. */
  take(args: readonly unknown[], what: string, call: CallSite): Pending {
    const captured = captureArguments(args, this.#context, call.at);
    const { nodes, promises } = this.futuresAmong(captured.thenables, what, call);
    return { captured, shown: args, nodes, promises };
  }

  /** A list whose items are handed out one by one, as it is now. Nobody need hear of its rejected promises so far. */
  list(
    list: readonly unknown[],
    call: CallSite,
  ): { readonly items: readonly unknown[]; readonly text: CanonicalText } {
    const captured = captureList(list, this.#context, call.at);
    for (const thenable of captured.thenables)
      if (!(thenable instanceof RunFuture) && isThenable(thenable)) Promise.resolve(thenable).catch(noop);
    return { items: captured.args, text: this.textOf(captured) };
  }

  /** The runs among futures, and what is to be waited for before their values can be asked for. */
  futuresAmong(
    thenables: readonly unknown[],
    what: string,
    call: CallSite,
  ): Omit<Pending, 'captured' | 'shown'> {
    if (thenables.length === 0) return NOTHING_PENDING;
    const nodes = new Set<RunNode>();
    const promises: PromiseLike<unknown>[] = [];
    for (const thenable of thenables) {
      if (thenable instanceof RunFuture) {
        if (thenable.host !== this.#host) throw foreignFuture(what, call.at());
        const { node } = thenable;
        const undecided = node === undefined ? thenable.submitted : this.#host.undecided(node);
        if (undecided !== undefined) promises.push(undecided);
        else if (node !== undefined) nodes.add(node);
      } else if (isThenable(thenable)) {
        promises.push(thenable);
      }
    }
    return { nodes: [...nodes], promises };
  }

  /**
   * Waits for promises: each is replaced by its value, settled under a tolerant rule, and what it gave is taken in
   * as it is then. One that rejects leaves its name in its place.
   */
  async come({ captured }: Pick<Given, 'captured'>, call: CallSite, rule = ALL_SUCCESS): Promise<Come> {
    const isTolerant = rule !== ALL_SUCCESS;
    const values = new Map<object, unknown>();
    let rejection: Come['rejection'];
    const rejected = (thenable: object, error: unknown): void => {
      rejection ??= isTolerant ? undefined : { error };
      const { name, message } = asError(error);
      values.set(thenable, isTolerant ? { state: 'failed', error: asError(error) } : { name, message });
    };
    const resolved = (thenable: object, value: unknown): void => {
      values.set(thenable, isTolerant ? { state: 'completed', value } : value);
    };
    const wait = async (thenable: object): Promise<void> => {
      try {
        if (!(thenable instanceof RunFuture)) resolved(thenable, await Promise.resolve<unknown>(thenable));
        else if (thenable.node !== undefined) await this.#host.undecided(thenable.node);
        else await thenable.submittedHandled();
      } catch (error) {
        rejected(thenable, error);
      }
    };
    await Promise.all([...new Set(captured.thenables)].map(wait));
    const literal = materialize(captured, (thenable) =>
      values.has(thenable) ? values.get(thenable) : thenable,
    );
    const given = this.take(literal, 'a call', call);
    if (given.promises.length === 0) return { ...given, rejection };
    // What a promise gave may hold promises, and futures that are late, in turn.
    const last = await this.come(given, call, rule);
    return { ...last, rejection: rejection ?? last.rejection };
  }

  /** Bytes of the copies of large arrays that are in memory. */
  get bytes(): number {
    return this.#context.snapshots.snapshotBytes;
  }

  /** Lets go of copies that no call needs. */
  trim(): void {
    this.#context.snapshots.trim();
  }

  /** What tells these arguments from others: a text, and whether it does. */
  textOf(captured: CapturedArguments): CanonicalText {
    return textOfArguments(captured, this.#context.identity, this.#futureText);
  }

  /** The same of one value. */
  textOfValue(value: unknown): CanonicalText {
    return this.#context.identity.textOf([value], this.#futureText);
  }

  /** The first thing among arguments that hides state. */
  opaqueAmong(captured: CapturedArguments): Obstacle | undefined {
    return opaqueAmong(captured);
  }
}

const noop = (): void => undefined;
