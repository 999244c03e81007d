import { KeyTable } from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import type { CallerContext } from '../../context/caller-context.ts';
import type { Scope } from '../../context/scope.ts';
import type { RunNode } from './run-node.ts';

/**
 * Code that executes under a node, a flow's or stage's body, a loop's cycle, a task: what it has submitted, and
 * what it still holds. One for each attempt. What such code may ask for stands in `scope/`.
 */
export class CodeScope {
  readonly node: RunNode;
  /** What the code may ask for. */
  readonly author: Scope;
  /** The task, stage or flow whose code this is: groups and loops are parts of it. */
  readonly owner: RunNode;
  /** The code executes elsewhere: what it gets is copied on its way. */
  isElsewhere = false;
  /** Depth that the next submission has at least. */
  depth: number;
  /** Made when first used: most tasks call nothing and hold nothing. */
  #seen: KeyTable | undefined;
  #explicitKeys: Map<string, string | undefined> | undefined;
  #retained: RunNode[] | undefined;
  #dropped: { readonly error: unknown; readonly isTaken: () => boolean }[] | undefined;
  #isKnown = false;
  #isClosed = false;
  readonly #caller: CallerContext | undefined;

  constructor(node: RunNode, depth: number, author: Scope) {
    this.node = node;
    this.author = author;
    this.#caller = node.work.caller;
    let owner = node;
    while (owner.work.type === 'container' && owner.parent !== undefined) owner = owner.parent;
    this.owner = owner;
    // What a task calls goes before tasks like it that have not begun: else all of them would begin, and wait.
    this.depth = depth + (node.work.type === 'task' ? 1 : 0);
  }

  /** Runs a step of the code in its async context: as part of this run, and otherwise in that of `caller`. */
  within<T>(step: () => T, caller = this.#caller): T {
    const { storage } = ambient;
    if (caller === undefined) return storage.run(this.author, step);
    return caller.runInAsyncScope(() => storage.run(this.author, step));
  }

  /** Counts equal calls, so that each has its own key. */
  get seen(): KeyTable {
    return (this.#seen ??= new KeyTable());
  }

  /** Explicit keys used here, and the lines that used them. */
  get explicitKeys(): Map<string, string | undefined> {
    return (this.#explicitKeys ??= new Map());
  }

  /** The attempt has failed or was given up: what its code still asks for is refused. */
  close(): void {
    this.#isClosed = true;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Code here has waited for something at this depth: what it submits next is deeper. */
  deepen(depth: number): void {
    if (depth >= this.depth) this.depth = depth + 1;
  }

  /** A future of this node was given to the code here: its value is kept while the code runs. */
  retained(node: RunNode): void {
    (this.#retained ??= []).push(node);
  }

  takeRetained(): RunNode[] {
    const retained = this.#retained ?? [];
    this.#retained = undefined;
    return retained;
  }

  /** An error that nobody has taken care of so far. */
  dropped(error: unknown, isTaken: () => boolean): void {
    (this.#dropped ??= []).push({ error, isTaken });
  }

  /**
   * Resolves once it is known what nobody takes care of; undefined if nothing is in doubt. Node tells of a rejection
   * that was taken late, in the code's last step perhaps, when that step is over.
   */
  dropsKnown(): Promise<void> | undefined {
    if (this.#dropped === undefined || this.#isKnown) return undefined;
    this.#isKnown = true;
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** Throws an error that nobody has taken care of. */
  assertCallsHandled(): void {
    const failed = this.#dropped?.find(({ isTaken }) => !isTaken());
    if (failed !== undefined) throw failed.error;
  }
}

/** The code that asks by this scope, if it executes in a run of this thread. */
export function codeScopeOf(scope: Scope | undefined): CodeScope | undefined {
  return scope !== undefined && 'code' in scope && scope.code instanceof CodeScope ? scope.code : undefined;
}
