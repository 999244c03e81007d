import { SiderealError } from '@sidereal/core/errors';
import type { ScopeInfo } from '../../context/operation.ts';
import { untransferable } from '../cloning/encoded-outcome.ts';
import { contentsOf } from '../cloning/value-contents.ts';
import type { RemoteJob } from './remote-job.ts';
import { withoutFutures } from './returned-futures.ts';

/** Executes the code inside a container, and waits for what it asked for. */
export type ExecuteBody = (info: ScopeInfo) => Promise<unknown>;

/** The code inside containers that code away from the flow has opened. */
export class RemoteBodies {
  readonly #job: RemoteJob;
  /** Under way, or about to be. */
  readonly #bodies = new Set<Promise<void>>();

  constructor(job: RemoteJob) {
    this.#job = job;
  }

  /** Resolves once the code inside container `number` has ended and that was told. Never rejects. */
  add(number: number, execute: ExecuteBody): Promise<void> {
    const over = this.#run(number, execute).finally(() => this.#bodies.delete(over));
    this.#bodies.add(over);
    return over;
  }

  /** Undefined if none is under way. */
  finish(): Promise<void> | undefined {
    return this.#bodies.size === 0 ? undefined : this.#finishAll();
  }

  async #finishAll(): Promise<void> {
    for (const body of this.#bodies) await body;
  }

  async #run(number: number, execute: ExecuteBody): Promise<void> {
    const { link } = this.#job;
    let info: ScopeInfo;
    try {
      info = await link.begun(number);
    } catch {
      // The job is to stop, or the container could not be opened: who awaits it learns of that.
      return;
    }
    try {
      const returned = await execute(info);
      const value = contentsOf(returned).mayHoldFutures
        ? await withoutFutures(returned, 'result', undefined)
        : returned;
      if (!this.#job.isOver) this.#tell(number, value, info.name);
    } catch (error) {
      if (!this.#job.isOver) link.bodyThrew(number, error);
    }
  }

  /** What cannot be sent is an error that says where it stands. */
  #tell(number: number, value: unknown, name: string): void {
    const { link } = this.#job;
    try {
      link.bodyReturned(number, value);
    } catch (cause) {
      const { path, what } = untransferable(value, 'result', link.names);
      throw new SiderealError(
        'UNCLONEABLE_RESULT',
        `${path} of '${name}' is ${what}, which cannot leave its thread`,
        { cause, remedy: 'Return plain data from groups and loops in tasks, and from their cycles.' },
      );
    }
  }
}
