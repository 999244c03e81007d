import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { REPEATABLE } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { ResumeIndex } from '../record/resume-index.ts';
import type { Eviction } from '../values/eviction.ts';
import type { Captures } from './captures.ts';

/**
 * What code that may execute again in this process (a task, a flow or stage with retries) did before: its
 * children by key and its keyed entries, so that a later attempt finds them.
 */
export class Repeats {
  readonly #resume: ResumeIndex | undefined;
  readonly #eviction: Eviction;
  readonly #captures: Captures;
  /** By the parent's journal number, then by key. */
  readonly #children = new Map<number, Map<string, RunNode>>();
  readonly #definitions = new WeakMap<RunNode, Definition>();
  readonly #effects = new Map<string, string>();

  constructor(parts: Readonly<{ resume: ResumeIndex | undefined; eviction: Eviction; captures: Captures }>) {
    this.#resume = parts.resume;
    this.#eviction = parts.eviction;
    this.#captures = parts.captures;
  }

  /** The child of this key that an earlier attempt of the parent submitted in this process. */
  previous(parent: RunNode, key: string): RunNode | undefined {
    const previous = this.#children.get(parent.idx)?.get(key);
    return previous === undefined ? undefined : this.#eviction.readopt(previous);
  }

  /** Was this child made by a call of the same definition? */
  isSameDefinition(child: RunNode, definition: Definition | undefined): boolean {
    return definition !== undefined && this.#definitions.get(child) === definition;
  }

  /** Remembers a child whose parent, or something around it, may execute again. */
  remember(parent: RunNode | undefined, child: RunNode, definition?: Definition): void {
    const isWithin = parent?.has(REPEATABLE) === true;
    if (isWithin || mayExecuteAgain(child)) child.set(REPEATABLE);
    if (parent === undefined || !isWithin) return;
    let children = this.#children.get(parent.idx);
    if (children === undefined) this.#children.set(parent.idx, (children = new Map<string, RunNode>()));
    children.set(child.key, child);
    this.#captures.consumed(parent, child.upstream);
    if (definition !== undefined) this.#definitions.set(child, definition);
  }

  /** A node has ended for good: if nothing around it will execute again, neither will its children. */
  ended(node: RunNode): void {
    if (node.has(REPEATABLE) && node.parent?.has(REPEATABLE) !== true) this.#forget(node.idx);
  }

  /** Body of a keyed entry that an earlier attempt recorded, in this process or before. */
  effectOf(key: string): string | undefined {
    return this.#resume?.effect(key) ?? this.#effects.get(key);
  }

  /** The same of an execution of the run before this one only. */
  recordedEffectOf(key: string): string | undefined {
    return this.#resume?.effect(key);
  }

  /** Keeps a keyed entry of a node for its later attempts. */
  rememberEffect(node: RunNode, key: string, body: string): void {
    if (node.has(REPEATABLE)) this.#effects.set(key, body);
  }

  /** Forgets the children of a node and all beneath; they may lie as deep as tasks call tasks. */
  #forget(top: number): void {
    const stack = [top];
    for (let idx = stack.pop(); idx !== undefined; idx = stack.pop()) {
      const children = this.#children.get(idx);
      if (children === undefined) continue;
      this.#children.delete(idx);
      for (const child of children.values()) stack.push(child.idx);
    }
  }
}

type Definition = TaskDefinition | FlowDefinition;

/** May the code of this node execute again in this process, and submit its children again? */
function mayExecuteAgain({ work, options }: RunNode): boolean {
  return work.type === 'task' || options.retries.limit > 0;
}
