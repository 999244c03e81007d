import { STATE_CODE, type Submission } from '@sidereal/core';
import type { FlowRun } from './flow-run.ts';
import { replaceThenables } from './resolve-deep.ts';
import { CONTAINER_OPTIONS } from './resolved-options.ts';
import { RunFuture } from './run-future.ts';
import { DURABLE, IN_FILE, RunNode, SETTLED } from './run-node.ts';

/**
 * Items of maps and reduces leave memory once nobody can ask for them but by the record, so that a map may
 * have ten million; and come back when somebody does.
 */
export class Retirement {
  readonly #run: FlowRun;

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** Lets go of a node, if its record is all that is needed of it. */
  retire(node: RunNode): boolean {
    const { scheduler } = this.#run;
    if (!node.has(DURABLE) || node.has(IN_FILE) || node.waiters !== undefined) return false;
    if (scheduler.needOf(node.id) > 0 || scheduler.isAlive(node.id) || !scheduler.hasSucceeded(node.id))
      return false;
    this.#run.removed(node);
    node.letGo();
    return true;
  }

  /**
   * A task run or stage has ended: what it executed and consumed is let go if its value cannot be needed again
   * but from the journal; else only the futures among its arguments, which would hold the values of others.
   */
  slim(node: RunNode): void {
    const { work } = node;
    if (work.type === 'container') return;
    const isKept = node.has(DURABLE) && !node.has(IN_FILE);
    if (isKept || !this.#run.scheduler.hasSucceeded(node.id)) node.letGo();
    else if (node.upstream.length > 0) {
      node.work =
        work.type === 'task'
          ? { ...work, args: detached(work.args) as readonly unknown[] }
          : { ...work, input: detached(work.input) };
    }
  }

  /** A retired node is asked for once more, through a future that was kept. */
  readopt(node: RunNode): RunNode {
    const id = this.#run.scheduler.adopt(this.#ended(node), STATE_CODE.completed, 1);
    this.#run.adopted(node, id);
    return node;
  }

  /** A node again for a retired item of a map, completed and with its value in the record. */
  revive(idx: number, key: string, group: RunNode): RunNode {
    const node = new RunNode(
      { idx, key, kind: 'task', name: group.name, nameId: group.nameId },
      { parent: group, stage: group.stage, options: CONTAINER_OPTIONS },
      { type: 'container', begin: () => undefined, assemble: undefined },
      [],
    );
    node.set(DURABLE);
    node.set(SETTLED);
    node.state = STATE_CODE.completed;
    return this.readopt(node);
  }

  /** Of a node that has ended and is known to the scheduler again. */
  #ended({ parent, nameId }: RunNode): Submission {
    const parentId = parent?.id ?? -1;
    return {
      parent: parentId,
      pool: -1,
      rule: 0,
      priority: 0,
      depth: parentId < 0 ? 0 : this.#run.scheduler.depthOf(parentId) + 1,
      nameId,
      declaredBytes: -1,
      consumes: [],
      after: [],
      handled: true,
    };
  }
}

/** The same inputs with futures of the engine's own in place of those that the author may hold. */
function detached(inputs: unknown): unknown {
  return replaceThenables(inputs, (future) => (future instanceof RunFuture ? future.detached() : future));
}
