import { SiderealError } from '@sidereal/core/errors';
import { ambient } from '../../context/ambient.ts';
import type { ScopeInfo } from '../../context/operation.ts';
import type { Scope } from '../../context/scope.ts';
import type { RemoteRequest } from '../request.ts';
import type { BodyOutcome } from '../runner.ts';
import { futureOf, notThere, performRemote, Revival, type ItemOf, type JobRequests } from './revival.ts';

/** What performing the operations of jobs needs of the flow's side. */
export interface RequestsOwner {
  /** The run of a job. */
  scopeOf(job: number): Scope;
  readonly itemOf: ItemOf;
  /** An operation could not be performed; unless `isTaken` by the end of the job, that is how the job ends. */
  failed(job: number, error: unknown, isTaken: () => boolean): void;
}

/**
 * The operations that jobs ask for from elsewhere, performed here in the runs that they belong to: the flow's side
 * of the wire.
 */
export class RemoteRequests {
  readonly #owner: RequestsOwner;
  readonly #jobs = new Map<number, JobRequests>();

  constructor(owner: RequestsOwner) {
    this.#owner = owner;
  }

  perform(job: number, { number, under, operation }: RemoteRequest): void {
    const requests = this.#requestsOf(job);
    const performer = under === undefined ? this.#owner.scopeOf(job) : requests.inside.get(under);
    if (performer === undefined) throw notThere(`container ${under}`);
    if (operation.kind === 'say') {
      performer.perform(operation);
      return;
    }
    try {
      requests.futures.set(
        number,
        performRemote(performer, operation, new Revival(requests, number, this.#owner.itemOf)),
      );
    } catch (error) {
      const failed = new FailedOperation(error);
      requests.futures.set(number, failed);
      requests.containers.get(number)?.begun.reject(error);
      this.#owner.failed(job, error, () => failed.isTaken);
    }
  }

  /** What the future of an operation comes to, waited for in the run of the job. */
  awaited(job: number, number: number, item: number | undefined): Promise<unknown> {
    const requests = this.#requestsOf(job);
    return ambient.storage.run(this.#owner.scopeOf(job), async () =>
      futureOf(
        requests,
        { '@sidereal/call': number, ...(item === undefined ? {} : { item }) },
        this.#owner.itemOf,
      ),
    );
  }

  /** Resolves once the code inside a container is to be executed. Rejects if it could not be submitted. */
  async begun(job: number, number: number): Promise<ScopeInfo> {
    const requests = this.#requestsOf(job);
    const container = requests.containers.get(number);
    if (container === undefined) throw notThere(`container ${number}`);
    const performer = await container.begun.promise;
    requests.inside.set(number, performer);
    return performer.info;
  }

  /** The code inside a container has ended. */
  bodyEnded(job: number, number: number, outcome: BodyOutcome): void {
    const container = this.#jobs.get(job)?.containers.get(number);
    if (outcome.type === 'returned') container?.ended.resolve(outcome.value);
    else container?.ended.reject(outcome.error);
  }

  /** The job has ended: nobody asks for its futures any more, and no code inside its containers goes on. */
  forget(job: number): void {
    const requests = this.#jobs.get(job);
    if (requests === undefined) return;
    this.#jobs.delete(job);
    for (const { ended } of requests.containers.values()) ended.reject(codeLost());
  }

  #requestsOf(job: number): JobRequests {
    let requests = this.#jobs.get(job);
    if (requests === undefined) {
      requests = { futures: new Map(), containers: new Map(), inside: new Map() };
      this.#jobs.set(job, requests);
    }
    return requests;
  }
}

/** Stands for the future of an operation that could not be performed. */
class FailedOperation implements PromiseLike<never> {
  /** Somebody waits for it, and so learns of the error. */
  isTaken = false;
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  then<A = never, B = never>(
    onFulfilled?: ((value: never) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.isTaken = true;
    const rejected = Promise.withResolvers<never>();
    rejected.reject(this.#error);
    return rejected.promise.then(onFulfilled, onRejected);
  }
}

function codeLost(): SiderealError {
  return new SiderealError(
    'LOST_CONTEXT',
    'the task that executed the code of this group or loop has ended',
    {
      remedy: 'Await, inside the task, every group and loop that it opens.',
    },
  );
}
