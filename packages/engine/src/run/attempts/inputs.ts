import { TRIGGER_RULES } from '@sidereal/core';
import { findThenables, replaceThenables } from '../../data/resolve-deep.ts';
import { plainInputs, type JobInputs } from '../../handles/job-inputs.ts';
import { inMemory, type ValueHandle } from '../../handles/value-handle.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { valueLost } from '../nodes/node-errors.ts';
import { canExecute, type RunNode } from '../nodes/run-node.ts';
import type { Values } from '../values/values.ts';

export interface InputParts {
  readonly loop: RunLoop;
  readonly values: Values;
  readonly waiting: Waiting;
}

/** What attempts consume: brought into memory, and put in place of futures. */
export class Inputs {
  readonly #loop: RunLoop;
  readonly #values: Values;
  readonly #waiting: Waiting;

  constructor({ loop, values, waiting }: InputParts) {
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
      if (!canExecute(input)) throw valueLost(input);
      return input;
    }
    return this.areReady(node) ? undefined : this.gather(node);
  }

  /** Reads an input from the record. One that is put together of others may need their tasks to run: they get the slot. */
  #fetch(node: RunNode, input: RunNode): Promise<boolean> {
    if (input.work.type !== 'container') return this.#values.fetch(input);
    return this.#waiting.withoutSlot(node, () => this.#values.fetch(input));
  }

  /** The arguments of a job, with the handle of each value that another run gives. */
  ofJob(node: RunNode, args: readonly unknown[]): JobInputs {
    if (node.upstream.length === 0) return plainInputs(args);
    const given = this.#givenBy(node);
    const handles = new Map<unknown, ValueHandle>();
    findThenables(args, (future) => {
      const value = given(future);
      if (value !== undefined) handles.set(future, inMemory(value.value));
    });
    return { template: args, handles };
  }

  /** What was given, with every future replaced: by its value, or by how it ended under a tolerant rule. */
  substitute(node: RunNode, given: unknown): unknown {
    if (node.upstream.length === 0) return given;
    const values = this.#givenBy(node);
    return replaceThenables(given, (future) => {
      const value = values(future);
      return value === undefined ? future : value.value;
    });
  }

  /** What stands for a future that the node consumes: its value, or how it ended under a tolerant rule. */
  #givenBy(node: RunNode): (future: unknown) => { readonly value: unknown } | undefined {
    const consumed = new Set(node.upstream);
    const isTolerant = TRIGGER_RULES[node.options.rule] !== 'all_success';
    return (future) => {
      const input = future instanceof RunFuture ? future.node : undefined;
      if (input === undefined || !consumed.has(input)) return undefined;
      return { value: isTolerant ? this.#waiting.snapshot(input) : input.value };
    };
  }
}
