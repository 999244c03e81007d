import type { FlowRun } from './flow-run.ts';
import { REPEATABLE, type RunNode } from './run-node.ts';

/**
 * What code that may execute again in this process (a task, a flow or stage with retries) did before: its
 * children by key and its keyed entries, so that a later attempt finds them.
 */
export class Repeats {
  readonly #run: FlowRun;
  /** By the parent's journal number, then by key. */
  readonly #children = new Map<number, Map<string, RunNode>>();
  readonly #effects = new Map<string, string>();

  constructor(run: FlowRun) {
    this.#run = run;
  }

  /** The child of this key that an earlier attempt of the parent submitted in this process. */
  previous(parent: RunNode, key: string): RunNode | undefined {
    const previous = this.#children.get(parent.idx)?.get(key);
    return previous !== undefined && previous.id < 0 ? this.#run.retirement.readopt(previous) : previous;
  }

  /** Remembers a child whose parent, or something around it, may execute again. */
  remember(parent: RunNode, child: RunNode): void {
    if (parent.has(REPEATABLE)) child.set(REPEATABLE);
    if (!child.has(REPEATABLE) && mayExecuteAgain(child)) child.set(REPEATABLE);
    if (!parent.has(REPEATABLE)) return;
    let children = this.#children.get(parent.idx);
    if (children === undefined) this.#children.set(parent.idx, (children = new Map<string, RunNode>()));
    children.set(child.key, child);
  }

  /** A node has ended for good: if nothing around it will execute again, neither will its children. */
  ended(node: RunNode): void {
    if (node.has(REPEATABLE) && node.parent?.has(REPEATABLE) !== true) this.#forget(node.idx);
  }

  /** Body of a keyed entry that an earlier attempt recorded, in this process or before. */
  effectOf(key: string): string | undefined {
    return this.#run.resume?.effect(key) ?? this.#effects.get(key);
  }

  /** Keeps a keyed entry of a node for its later attempts. */
  rememberEffect(node: RunNode, key: string, body: string): void {
    if (node.has(REPEATABLE)) this.#effects.set(key, body);
  }

  #forget(idx: number): void {
    const children = this.#children.get(idx);
    if (children === undefined) return;
    this.#children.delete(idx);
    for (const child of children.values()) this.#forget(child.idx);
  }
}

/** May the code of this node execute again in this process, and submit its children again? */
function mayExecuteAgain({ work, options }: RunNode): boolean {
  return work.type === 'task' || options.retries.limit > 0;
}
