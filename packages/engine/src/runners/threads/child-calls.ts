import { SiderealError } from '@sidereal/core/errors';
import type { CallOverrides } from '../../authoring/call-options.ts';
import type { JobInfo, RemoteCall } from '../runner.ts';
import { replaceThenables, thenablesIn } from './futures-inside.ts';
import { packErrors, unpackErrors } from './packed-errors.ts';
import type { FromThread, ThreadOutcome } from './protocol.ts';
import { survey } from './survey.ts';
import { ThreadFuture } from './thread-future.ts';
import { decodeThrown } from './thrown.ts';
import { findUncloneable } from './uncloneable.ts';

/** A call before its arguments are known to be there. */
export interface ChildCall {
  readonly verb: RemoteCall['verb'];
  readonly module: string;
  readonly name: string;
  readonly overrides: CallOverrides;
  readonly after: readonly PromiseLike<unknown>[];
  readonly at: string | undefined;
}

/** A call that was made: by whom, under which number, and when it is on its way if that has to wait. */
export interface MadeCall {
  readonly by: ChildCalls;
  readonly call: number;
  /** Of the task or flow that was called. */
  readonly name: string;
  readonly submitted: Promise<void> | undefined;
}

interface Wait {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The calls that one job makes from its thread, and the values that it waits for.
 *
 * A call is sent at once unless a plain promise stands among its arguments (a literal once it has resolved) or
 * a future of a call that itself is not sent yet: then it is late, and follows when those are there. A job does
 * not end before its late calls are sent; one that cannot be, and that nobody awaits, fails the job.
 */
export class ChildCalls {
  readonly #ticket: number;
  readonly #info: JobInfo;
  readonly #send: (message: FromThread) => void;
  readonly #waits = new Map<number, Wait>();
  readonly #late: MadeCall[] = [];
  readonly #awaited = new Set<MadeCall>();
  #nextCall = 0;
  #nextWait = 0;
  #isClosed = false;

  constructor(ticket: number, info: JobInfo, send: (message: FromThread) => void) {
    this.#ticket = ticket;
    this.#info = info;
    this.#send = send;
  }

  /** Is it a future of this job's own? Only those can be referred to. */
  owns(future: unknown): future is ThreadFuture {
    return future instanceof ThreadFuture && future.made.by === this;
  }

  make(child: ChildCall, args: readonly unknown[] | Promise<readonly unknown[]>): MadeCall {
    if (this.#isClosed) throw this.#tooLate(child);
    const call = this.#nextCall++;
    const submitted =
      args instanceof Promise ? this.#makeWhen(args, call, child) : this.#makeNow(call, child, args);
    const made = { by: this, call, name: child.name || child.verb, submitted };
    if (submitted !== undefined) {
      submitted.catch(() => {}); // `finish` and whoever awaits the future look after it.
      this.#late.push(made);
    }
    return made;
  }

  /** The value of a call, or of one item of it. Parks the job until it is there. */
  async ask(made: MadeCall, item: number | undefined): Promise<unknown> {
    await this.whenMade(made);
    if (this.#isClosed) throw this.#tooLate();
    return new Promise((resolve, reject) => {
      const wait = this.#nextWait++;
      this.#waits.set(wait, { resolve, reject });
      this.#send({ type: 'awaited', ticket: this.#ticket, wait, call: made.call, item });
    });
  }

  /** Undefined if the call is on its way. Who asks answers for it, if it cannot be made. */
  whenMade(made: MadeCall): Promise<void> | undefined {
    if (made.submitted !== undefined) this.#awaited.add(made);
    return made.submitted;
  }

  /** The outcome of a wait has come. */
  settle(number: number, outcome: ThreadOutcome): void {
    const wait = this.#waits.get(number);
    this.#waits.delete(number);
    if (outcome.type === 'threw') wait?.reject(decodeThrown(outcome.error));
    else wait?.resolve(outcome.isPacked ? unpackErrors(outcome.value) : outcome.value);
  }

  /** Undefined if nothing is late. Rejects with the first late call that could not be made and that nobody awaits. */
  finish(): Promise<void> | undefined {
    return this.#late.length === 0 ? undefined : this.#sendLate();
  }

  /** The job is over: no more calls. */
  close(): void {
    this.#isClosed = true;
  }

  async #sendLate(): Promise<void> {
    for (const made of this.#late) {
      try {
        await made.submitted;
      } catch (error) {
        if (!this.#awaited.has(made)) throw error;
      }
    }
  }

  async #makeWhen(args: Promise<readonly unknown[]>, call: number, child: ChildCall): Promise<void> {
    await this.#makeNow(call, child, await args);
  }

  #makeNow(call: number, child: ChildCall, args: readonly unknown[]): Promise<void> | undefined {
    const blockers = thenablesIn([args, child.after]).filter(
      (thenable) => !this.owns(thenable) || thenable.made.submitted !== undefined,
    );
    if (blockers.length > 0) return this.#makeAfter(blockers, call, child, args);
    this.#post(call, child, args, new Map());
    return undefined;
  }

  async #makeAfter(
    blockers: readonly PromiseLike<unknown>[],
    call: number,
    child: ChildCall,
    args: readonly unknown[],
  ): Promise<void> {
    const literals = new Map<PromiseLike<unknown>, unknown>();
    await Promise.all(
      blockers.map(async (blocker) => {
        if (this.owns(blocker)) await this.whenMade(blocker.made);
        else literals.set(blocker, await blocker);
      }),
    );
    this.#post(call, child, args, literals);
  }

  #post(
    call: number,
    { verb, module, name, overrides, after, at }: ChildCall,
    args: readonly unknown[],
    literals: ReadonlyMap<PromiseLike<unknown>, unknown>,
  ): void {
    const travelling = args.map((arg) =>
      replaceThenables(arg, (thenable) =>
        this.owns(thenable) ? thenable.reference() : literals.get(thenable),
      ),
    );
    const isPacked = survey(travelling).hasErrors;
    const remote: RemoteCall = {
      call,
      verb,
      module,
      name,
      overrides: { ...overrides },
      args: isPacked ? travelling.map(packErrors) : travelling,
      after: after.flatMap((future) => (this.owns(future) ? [future.made.call] : [])),
      at,
    };
    try {
      this.#send({ type: 'submitted', ticket: this.#ticket, call: remote, isPacked });
    } catch (cause) {
      const found = findUncloneable({ args: remote.args, options: remote.overrides });
      throw new SiderealError(
        'UNCLONEABLE_ARGUMENT',
        `${found?.path.slice(1) ?? 'an argument'} of '${name}' is ${found?.what ?? 'something'}, which cannot leave this thread`,
        { at, cause, remedy: 'Pass plain data. Options that are functions go where the task is defined.' },
      );
    }
  }

  #tooLate(child?: ChildCall): SiderealError {
    const what = child === undefined ? 'waits for a value' : `calls '${child.name || child.verb}'`;
    return new SiderealError(
      'LOST_CONTEXT',
      `code of task '${this.#info.name}' ${what} after its run has ended`,
      {
        at: child?.at,
        remedy: 'Await, inside the task, everything that it starts.',
      },
    );
  }
}
