import { SiderealError } from '@sidereal/core/errors';
import { findFutures, replaceFutures } from '../../data/futures-in-values.ts';
import { findHiddenFuture, futureHidden } from '../../data/obstacles.ts';
import type { Operation } from '../../context/operation.ts';
import { isThenable } from '../../future/future.ts';
import { untransferable } from '../cloning/encoded-outcome.ts';
import type { RemoteKind, RemoteSide, RemoteSite } from '../request.ts';
import type { RemoteJob } from './remote-job.ts';
import { RemoteFuture, type MadeOperation } from './remote-future.ts';

/** An operation before its inputs are known to be there. */
export interface RemoteCall {
  /** For messages: the task or flow, or the kind of operation. */
  readonly name: string;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly after: readonly PromiseLike<unknown>[];
  readonly at: string | undefined;
  /** The operation, given its inputs with references in place of futures. */
  readonly write: (inputs: readonly unknown[], site: RemoteSite) => Operation<RemoteSide, RemoteKind>;
}

/**
 * The operations with inputs that code in one scope asks for.
 *
 * An operation is sent at once unless a plain promise stands among its inputs (a literal once it has resolved) or
 * the future of one that itself is not sent yet: then it is late, and follows when those are there. Code does not
 * end before its late operations are sent; one that cannot be, and that nobody awaits, fails it.
 */
export class RemoteCalls {
  readonly #job: RemoteJob;
  readonly #under: number | undefined;
  readonly #late: MadeOperation[] = [];

  constructor(job: RemoteJob, under: number | undefined) {
    this.#job = job;
    this.#under = under;
  }

  make(call: RemoteCall, inputs: readonly unknown[] | Promise<readonly unknown[]>): MadeOperation {
    const number = this.#job.nextNumber();
    const submitted =
      inputs instanceof Promise
        ? inputs.then((come) => this.#makeNow(number, call, come))
        : this.#makeNow(number, call, inputs);
    const made: MadeOperation = { job: this.#job, number, name: call.name, submitted };
    if (submitted !== undefined) {
      submitted.catch(() => {}); // `finish` and whoever awaits the future look after it.
      this.#late.push(made);
    }
    return made;
  }

  /** Undefined if nothing is late. Rejects with the first late operation that could not be made and that nobody awaits. */
  finish(): Promise<void> | undefined {
    return this.#late.length === 0 ? undefined : this.#sendLate();
  }

  async #sendLate(): Promise<void> {
    for (const made of this.#late) {
      try {
        await made.submitted;
      } catch (error) {
        if (!this.#job.isAwaited(made)) throw error;
      }
    }
  }

  #makeNow(number: number, call: RemoteCall, inputs: readonly unknown[]): Promise<void> | undefined {
    const blockers = this.#blockersIn([inputs, call.after]);
    if (blockers.length > 0) return this.#makeAfter(blockers, number, call, inputs);
    this.#send(number, call, inputs, new Map());
    return undefined;
  }

  async #makeAfter(
    blockers: readonly PromiseLike<unknown>[],
    number: number,
    call: RemoteCall,
    inputs: readonly unknown[],
  ): Promise<void> {
    const literals = new Map<object, unknown>();
    await this.#await(blockers, literals);
    this.#send(number, call, inputs, literals);
  }

  /** Futures that cannot be referred to yet, and plain promises. */
  #blockersIn(value: unknown): PromiseLike<unknown>[] {
    return findFutures(value)
      .filter(isThenable)
      .filter((thenable) => !this.#job.owns(thenable) || thenable.made.submitted !== undefined);
  }

  async #await(blockers: readonly PromiseLike<unknown>[], literals: Map<object, unknown>): Promise<void> {
    await Promise.all(
      blockers.map(async (blocker) => {
        if (this.#job.owns(blocker)) return this.#job.whenMade(blocker.made);
        if (literals.has(blocker)) return undefined;
        const literal = await blocker;
        literals.set(blocker, literal);
        // What a promise came to may hold others.
        return this.#await(this.#blockersIn(literal), literals);
      }),
    );
  }

  /** An input as it is sent: references in place of futures, literals in place of promises. */
  #travelling(input: unknown, literals: ReadonlyMap<object, unknown>): unknown {
    if (findFutures(input).length === 0) return input;
    return replaceFutures(input, (future) =>
      this.#job.owns(future) ? future.reference() : this.#travelling(literals.get(future), literals),
    );
  }

  #send(
    number: number,
    { name, overrides, after, at, write }: RemoteCall,
    inputs: readonly unknown[],
    literals: ReadonlyMap<object, unknown>,
  ): void {
    const travelling = inputs.map((input) => this.#travelling(input, literals));
    const order = after.flatMap((future) => (future instanceof RemoteFuture ? [future.reference()] : []));
    try {
      this.#job.link.perform({
        number,
        under: this.#under,
        operation: write(travelling, { overrides, after: order, at }),
      });
    } catch (cause) {
      const hidden = findHiddenFuture(travelling, 'args', (value) => value instanceof RemoteFuture);
      if (hidden !== undefined) throw futureHidden(hidden, at);
      const { names } = this.#job.link;
      const inArgs = untransferable(travelling, 'args', names);
      const { path, what } = inArgs.path === 'args' ? untransferable(overrides, 'options', names) : inArgs;
      throw new SiderealError(
        'UNCLONEABLE_ARGUMENT',
        `${path} of '${name}' is ${what}, which cannot leave this thread`,
        { at, cause, remedy: 'Pass plain data. Options that are functions go where the task is defined.' },
      );
    }
  }
}
