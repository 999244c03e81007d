import { SiderealError } from '@sidereal/core/errors';
import type { ScopeInfo } from '../../context/operation.ts';
import type { JobLink } from './job-link.ts';
import { RemoteFuture, type MadeOperation } from './remote-future.ts';

/** A job where its code executes: what all scopes of it share. */
export class RemoteJob {
  readonly info: ScopeInfo;
  readonly link: JobLink;
  /** Number of its node in the record. */
  readonly idx: number;
  /** The user's line of its task, once that is found. */
  at = '';
  #abort: AbortController | undefined;
  #awaited: Set<MadeOperation> | undefined;
  #nextNumber = 0;
  #isOver = false;

  constructor(info: ScopeInfo, link: JobLink, idx: number) {
    this.info = info;
    this.link = link;
    this.idx = idx;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  nextNumber(): number {
    return this.#nextNumber++;
  }

  /** Is it a future of this job's own? Only those can be referred to. */
  owns(future: unknown): future is RemoteFuture {
    return future instanceof RemoteFuture && future.made.job === this;
  }

  /** Undefined if the operation is on its way. Who asks answers for it, if it cannot be made. */
  whenMade(made: MadeOperation): Promise<void> | undefined {
    if (made.submitted !== undefined) (this.#awaited ??= new Set()).add(made);
    return made.submitted;
  }

  /** Does somebody answer for it, should it not be possible to make it? */
  isAwaited(made: MadeOperation): boolean {
    return this.#awaited?.has(made) ?? false;
  }

  /** The value of an operation, or of one item of it. */
  async value(made: MadeOperation, item: number | undefined): Promise<unknown> {
    await this.whenMade(made);
    if (this.#isOver) throw this.tooLate('waits for a value', undefined);
    return this.link.value(made.number, item);
  }

  /** It should stop. To be called in its scope: listeners are the task's own code. */
  abort(reason: unknown): void {
    (this.#abort ??= new AbortController()).abort(reason);
    this.link.abort(reason);
  }

  /** It has ended: no more operations. */
  close(): void {
    this.#isOver = true;
  }

  /** What is thrown to code that goes on after that. */
  tooLate(what: string, at: string | undefined): SiderealError {
    return new SiderealError(
      'LOST_CONTEXT',
      `code of task '${this.info.name}' ${what} after its run has ended`,
      {
        at,
        remedy: 'Await, inside the task, everything that it starts.',
      },
    );
  }
}
