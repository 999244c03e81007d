import { STATE_CODE } from '../states/state.ts';
import type { Dependencies } from './dependencies.ts';
import type { Family } from './family.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { Lifecycle, SchedulerParts } from './lifecycle.ts';
import { ALIVE, STOPPING, type NodeColumns } from './node-columns.ts';
import type { NodeStates } from './node-states.ts';
import type { ValueMemory } from './value-memory.ts';
import type { YieldedSlots } from './yielded-slots.ts';

const S = STATE_CODE;

/** Values that are gone though somebody needs them: who made them runs again, who lacks them waits for that. */
export class LostValues {
  readonly #nodes: NodeColumns;
  readonly #family: Family;
  readonly #dependencies: Dependencies;
  readonly #values: ValueMemory;
  readonly #states: NodeStates;
  readonly #slots: YieldedSlots;
  readonly #builder: GraphBuilder;
  readonly #life: Lifecycle;

  constructor(parts: SchedulerParts, builder: GraphBuilder, life: Lifecycle) {
    this.#nodes = parts.nodes;
    this.#family = parts.family;
    this.#dependencies = parts.dependencies;
    this.#values = parts.values;
    this.#states = parts.states;
    this.#slots = parts.slots;
    this.#builder = builder;
    this.#life = life;
  }

  /** A node that has ended and whose value is not in memory begins again, as a child of the run itself. */
  recompute(id: number, consumes: readonly number[]): void {
    this.#nodes.clear(id, STOPPING);
    this.#values.forget(id);
    this.#family.uncountChildren(id);
    this.#family.uncount(id);
    this.#family.moveToTop(id);
    this.#family.attach(id);
    this.#dependencies.reset(id);
    this.#states.enter(id, S.pending, 'value_lost', 'its value is needed again and was not kept');
    this.#builder.connect(id, consumes, []);
    this.#life.admit(id);
  }

  /** An open node whose code has not begun lacks this input: it is pending again, as if it had not started. */
  inputLost(id: number, producer: number): void {
    const nodes = this.#nodes;
    this.#slots.leave(id);
    this.#values.unreserve(id);
    if (nodes.has(id, STOPPING)) {
      this.#life.end(id, S.cancelled, 'cancelled', 'stopped on request');
      return;
    }
    nodes.attempt[id] = Math.max((nodes.attempt[id] ?? 1) - 1, 0);
    this.#states.enter(id, S.pending, 'input_lost', 'an input is being computed again');
    if (!nodes.hasEnded(producer) || !nodes.has(producer, ALIVE)) this.#dependencies.lose(id, producer);
    this.#life.evaluate(id);
  }
}
