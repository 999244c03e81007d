import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { Attempt } from './attempt.ts';

/** The attempts under way. */
export class AttemptTable {
  readonly #attempts = new Map<RunNode, Attempt>();

  get(node: RunNode): Attempt | undefined {
    return this.#attempts.get(node);
  }

  /** A node's next attempt begins. */
  begin(node: RunNode): Attempt {
    const attempt = new Attempt(this.#attempts.get(node));
    this.#attempts.set(node, attempt);
    return attempt;
  }

  /** The node has ended: nothing of its attempt is left. */
  end(node: RunNode): Attempt | undefined {
    const attempt = this.#attempts.get(node);
    this.#attempts.delete(node);
    return attempt;
  }

  /** The code of a scope executes in the node's attempt. */
  enter(node: RunNode, scope: CodeScope): void {
    const attempt = this.#attempts.get(node);
    if (attempt !== undefined) attempt.scope = scope;
  }

  /** Aborted when this attempt of the node is to stop. */
  signalOf(node: RunNode): AbortSignal {
    // One that has ended already is never told to stop.
    return this.#attempts.get(node)?.controller.signal ?? NEVER;
  }

  /** Flows and stages whose bodies execute, or wait. */
  *bodies(): Generator<RunNode> {
    for (const [node, { isBody }] of this.#attempts) if (isBody) yield node;
  }
}

const NEVER = new AbortController().signal;
