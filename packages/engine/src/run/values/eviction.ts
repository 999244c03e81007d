import { STATE_CODE, type Submission } from '@sidereal/core';
import type { RunLoop } from '../loop/run-loop.ts';
import { DURABLE, IN_FILE, SETTLED } from '../nodes/node-flags.ts';
import { CONTAINER_OPTIONS } from '../nodes/resolved-options.ts';
import { RunNode } from '../nodes/run-node.ts';
import { RECORDED_WORK } from '../nodes/work.ts';

/**
 * Items of maps and reduces leave memory once nobody can ask for them but by the record, so that a map may
 * have ten million; and come back when somebody does.
 */
export class Eviction {
  readonly #loop: RunLoop;

  constructor(loop: RunLoop) {
    this.#loop = loop;
  }

  /** Lets go of a node, if its record is all that is needed of it. */
  evict(node: RunNode): boolean {
    const { scheduler } = this.#loop;
    if (!node.has(DURABLE) || node.has(IN_FILE) || node.waiters !== undefined) return false;
    if (scheduler.needOf(node.id) > 0 || scheduler.isAlive(node.id) || !scheduler.hasSucceeded(node.id))
      return false;
    this.#loop.forget(node);
    node.letGo();
    return true;
  }

  /** The scheduler knows a node again that is asked for once more, through a future that was kept. */
  readopt(node: RunNode): RunNode {
    if (node.id < 0) this.#loop.adopt(node, this.#submission(node), STATE_CODE.completed, 1);
    return node;
  }

  /** A node again for an evicted item of a map, completed and with its value in the record. */
  revive(idx: number, key: string, group: RunNode, at: number): RunNode {
    return this.readopt(
      new RunNode(
        { idx, key, kind: 'task', name: group.name, nameId: group.nameId },
        { parent: group, stage: group.stage, options: CONTAINER_OPTIONS, at },
        RECORDED_WORK,
        [],
        { flags: DURABLE | SETTLED },
      ),
    );
  }

  #submission({ parent, nameId }: RunNode): Submission {
    const parentId = parent?.id ?? -1;
    return {
      parent: parentId,
      pool: -1,
      rule: 0,
      priority: 0,
      depth: parentId < 0 ? 0 : this.#loop.scheduler.depthOf(parentId) + 1,
      nameId,
      declaredBytes: -1,
      consumes: [],
      after: [],
      handled: true,
    };
  }
}
