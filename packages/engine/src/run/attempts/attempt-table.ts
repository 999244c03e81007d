import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { Attempt } from './attempt.ts';

/** The attempts under way. */
export class AttemptTable {
  /** By the scheduler's ids, which are small integers: looking up a task's attempt is what it does most. */
  readonly #attempts: (Attempt | undefined)[] = [];
  readonly #bodies = new Set<RunNode>();

  get({ id }: RunNode): Attempt | undefined {
    return id < 0 ? undefined : this.#attempts[id];
  }

  /** A node's next attempt begins. */
  begin({ id }: RunNode): Attempt {
    const attempt = new Attempt(this.#attempts[id]);
    this.#attempts[id] = attempt;
    return attempt;
  }

  /** The node has ended: nothing of its attempt is left. */
  end(node: RunNode): Attempt | undefined {
    const attempt = this.get(node);
    if (attempt === undefined) return undefined;
    this.#attempts[node.id] = undefined;
    this.endBody(node);
    return attempt;
  }

  /** The code of a scope executes in the node's attempt. */
  enter(node: RunNode, scope: CodeScope): void {
    const attempt = this.get(node);
    if (attempt !== undefined) attempt.scope = scope;
  }

  /** Aborted when this attempt of the node is to stop. */
  signalOf(node: RunNode): AbortSignal {
    // One that has ended already is never told to stop.
    return this.get(node)?.controller.signal ?? NEVER;
  }

  /** The body of a flow or stage executes from now on, or waits. */
  beginBody(node: RunNode): void {
    this.#bodies.add(node);
  }

  endBody(node: RunNode): void {
    if (node.work.type === 'flow') this.#bodies.delete(node);
  }

  /** Flows and stages whose bodies execute, or wait. */
  bodies(): Iterable<RunNode> {
    return this.#bodies;
  }
}

const NEVER = new AbortController().signal;
