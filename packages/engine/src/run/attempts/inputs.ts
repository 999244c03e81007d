import { STATE_CODE } from '@sidereal/core';
import type { CapturedArguments } from '../../data/captured-arguments.ts';
import { ownInputs, type JobInputs } from '../../handles/job-inputs.ts';
import { inMemory, type ValueHandle } from '../../handles/value-handle.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { valueLost } from '../nodes/node-errors.ts';
import { ALL_SUCCESS } from '../nodes/resolved-options.ts';
import type { LentValues } from './lent-values.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { FlowWork, TaskWork } from '../nodes/work.ts';
import type { Values } from '../values/values.ts';

export interface InputParts {
  readonly loop: RunLoop;
  readonly values: Values;
  readonly waiting: Waiting;
  readonly lent: LentValues | undefined;
}

/** What attempts consume: brought into memory, and put in place of futures. */
export class Inputs {
  readonly #loop: RunLoop;
  readonly #values: Values;
  readonly #waiting: Waiting;
  readonly #lent: LentValues | undefined;

  constructor({ loop, values, waiting, lent }: InputParts) {
    this.#lent = lent;
    this.#loop = loop;
    this.#values = values;
    this.#waiting = waiting;
  }

  /** Is all that the node consumes in memory? */
  areReady(node: RunNode): boolean {
    const { scheduler } = this.#loop;
    for (const input of node.upstream) {
      if (this.#values.isRecomputing(input)) return false;
      if (scheduler.hasSucceeded(input.id) && !scheduler.isAlive(input.id)) return false;
    }
    return true;
  }

  /**
   * Fetches absent inputs. Returns one that is lost, for which the node has to wait until it has been computed
   * again; undefined if all are there, or the attempt is over. Rejects if a lost one cannot be computed again.
   */
  async gather(node: RunNode): Promise<RunNode | undefined> {
    const { scheduler } = this.#loop;
    const { token } = node;
    for (const input of node.upstream) {
      if (this.#values.isRecomputing(input)) return input;
      if (!scheduler.hasSucceeded(input.id)) continue;
      scheduler.retain(input.id);
      const isThere = await this.#fetch(node, input).finally(() => scheduler.unretain(input.id));
      if (node.token !== token) return undefined;
      if (isThere) continue;
      if (!this.#values.mayRecompute(input)) throw valueLost(input);
      return input;
    }
    return this.areReady(node) ? undefined : this.gather(node);
  }

  /** Reads an input from the record. One that is put together of others may need their tasks to run: they get the slot. */
  #fetch(node: RunNode, input: RunNode): Promise<boolean> {
    if (input.work.type !== 'container') return this.#values.fetch(input);
    return this.#waiting.withoutSlot(node, () => this.#values.fetch(input));
  }

  /**
   * The arguments of a job, with the handle of each value that another run gives. Throws `SHARED_VALUE_CHANGED` in
   * debug mode.
   */
  ofJob(node: RunNode, { inputs, leavesOutSkipped }: TaskWork): JobInputs {
    const arrays = node.options.arrays;
    this.#lent?.give(node, inputs);
    const handles = node.upstream.length === 0 ? NO_HANDLES : this.#handlesOf(node, inputs);
    if (!leavesOutSkipped) return { captured: inputs, handles, arrays };
    return { captured: inputs, handles, arrays, leftOut: this.#skippedAmong(inputs) };
  }

  /** The input of a body, its own to change. Futures of fields that pass through stay in their places. */
  ofBody(node: RunNode, { inputs }: FlowWork): unknown {
    const handles = node.upstream.length === 0 ? NO_HANDLES : this.#handlesOf(node, inputs);
    return ownInputs({ captured: inputs, handles, arrays: 'own' })[0];
  }

  /** Is there nothing to combine, because all of its inputs, or all but one, were skipped? */
  isPassedOn(node: RunNode, work: TaskWork): boolean {
    if (!work.leavesOutSkipped || node.upstream.length === 0) return false;
    const present = this.presentOf(work);
    return present < 2 && present < work.inputs.args.length;
  }

  /** How many of its arguments were not skipped. */
  presentOf({ inputs }: TaskWork): number {
    return inputs.args.length - this.#skippedAmong(inputs).size;
  }

  #skippedAmong({ args }: CapturedArguments): ReadonlySet<unknown> {
    const { scheduler } = this.#loop;
    return new Set(
      args.filter((arg) => {
        const input = arg instanceof RunFuture ? arg.node : undefined;
        return input !== undefined && scheduler.stateOf(input.id) === STATE_CODE.skipped;
      }),
    );
  }

  /** What stands for the futures that a node consumes: their values, or how they ended under a tolerant rule. */
  #handlesOf(node: RunNode, { thenables }: CapturedArguments): ReadonlyMap<unknown, ValueHandle> {
    const consumed = new Set(node.upstream);
    const isTolerant = node.options.rule !== ALL_SUCCESS;
    const handles = new Map<unknown, ValueHandle>();
    for (const future of thenables) {
      const input = future instanceof RunFuture ? future.node : undefined;
      if (input === undefined || !consumed.has(input)) continue;
      const value = isTolerant ? this.#waiting.snapshot(input) : input.value;
      handles.set(future, inMemory(value, !isTolerant && this.#isSole(node, input)));
    }
    return handles;
  }

  /** Is the node the last that will ever ask for this input's value? It may try again, and must find it whole then. */
  #isSole(node: RunNode, input: RunNode): boolean {
    const { scheduler } = this.#loop;
    const mayRetry = node.failures < node.options.retries.limit;
    return !mayRetry && input.work.type !== 'container' && scheduler.needOf(input.id) === 1;
  }
}

const NO_HANDLES: ReadonlyMap<unknown, ValueHandle> = new Map();
