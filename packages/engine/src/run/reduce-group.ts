import { ambient } from '../ambient.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import type { CallSite, ReduceSource } from '../scope.ts';
import { submitContainer } from './containers.ts';
import { ItemSource } from './item-source.ts';
import { itemsInput, type ItemsInput } from './items-input.ts';
import type { MainScope } from './main-scope.ts';
import type { MapGroup } from './map-group.ts';
import { emptyReduce, TreeBuilder } from './reduce-order.ts';
import { rejectionIn, RejectedInput } from './resolve-deep.ts';
import { RunFuture } from './run-future.ts';
import { INPUT_REJECTED, SETTLED, type RunNode } from './run-node.ts';
import { StepQueue } from './step-queue.ts';

/** Leaves that may be taken in and not yet combined, when they are not paced by a map. */
const WINDOW = 4096;

export function startReduce(
  scope: MainScope,
  task: TaskDefinition,
  source: ReduceSource,
  call: CallSite,
): RunFuture {
  const group = new ReduceGroup(scope, task, source, call);
  return scope.run.holds.futureOf(scope, group.node);
}

/** An item, or what a run makes of some, that waits in the tree for the one beside it. */
interface Part {
  readonly value: unknown;
  /** Runs whose values it needs. Held meanwhile: who is to consume them may be submitted much later. */
  readonly nodes: readonly RunNode[];
}

/** All runs of one `reduce` call: a tree in input order, built while the items come. */
class ReduceGroup {
  readonly node: RunNode;
  readonly #scope: MainScope;
  readonly #task: TaskDefinition;
  readonly #source: ReduceSource;
  readonly #call: CallSite;
  readonly #tree: TreeBuilder<Part>;
  /** Parts in the tree. */
  readonly #waiting = new Set<Part>();
  readonly #input: ItemsInput;
  /** Items taken in, and how many of them a run combines just now. */
  #taken = 0;
  #combining = 0;
  #root: Part | undefined;
  #isStopped = false;
  #upstream: MapGroup | undefined;
  #pulled: ItemSource | undefined;

  constructor(scope: MainScope, task: TaskDefinition, source: ReduceSource, call: CallSite) {
    const { run } = scope;
    this.#scope = scope;
    this.#task = task;
    this.#source = source;
    // Asked for when the items are in, far from the user's line.
    const at = call.at();
    this.#call = { ...call, at: () => at };
    this.#input = itemsInput(run, source.items, `reduce with '${task.name}'`, this.#call);
    const after = run.calls.inspect(call.after, 'after', call);
    this.#tree = new TreeBuilder(source.arity, (parts) => this.#combine(parts));
    this.node = submitContainer(run, scope, {
      kind: 'reduce',
      name: task.name,
      identity: [],
      parent: scope.node,
      consumes: this.#input.consumes,
      after: after.nodes,
      rule: run.calls.ruleOf(scope, task, call),
      work: {
        type: 'container',
        begin: () => this.#begin(after.promises),
        assemble: () => this.#assemble(),
        interrupt: (reason) => this.#fail(reason),
        dropped: (child) => void scope.run.retirement.retire(child),
      },
    });
  }

  #begin(ordered: readonly PromiseLike<unknown>[]): void {
    if (ordered.length === 0) this.#guard(() => this.#open());
    else Promise.all(ordered).then(() => this.#guard(() => this.#open()), this.#fail);
  }

  #open(): void {
    const { initial } = this.#source;
    const { map } = this.#input;
    const steps = new StepQueue(this.#fail);
    if (initial !== undefined) steps.add(() => this.#take(initial.value));
    if (map === undefined) {
      steps.add(() => this.#pull());
      return;
    }
    this.#upstream = map;
    map.follow({
      item: (future) => steps.add(() => this.#take(future)),
      complete: () => steps.add(() => this.#finish()),
      done: () => this.#done(),
    });
  }

  #pull(): void {
    this.#pulled = new ItemSource(this.#input.items(), `reduce with '${this.#task.name}'`, WINDOW, {
      outstanding: () => this.#taken - this.#done(),
      item: (item) => this.#take(item),
      complete: () => this.#guard(() => this.#finish()),
      failed: this.#fail,
      at: () => this.#call.at(),
      within: (step) => ambient.storage.run(this.#scope, step),
    });
    this.#scope.run.pace(this.#pulled);
    this.#pulled.pull();
  }

  /** Items that need not be waited for: combined, or waiting in the tree for one beside them. */
  #done(): number {
    return this.#isStopped ? Number.POSITIVE_INFINITY : this.#taken - this.#combining;
  }

  /** An item that is, or contains, a plain promise holds back the next. */
  #take(item: unknown): undefined | Promise<void> {
    const { run } = this.#scope;
    const found = run.calls.inspect(item, this.node.name, this.#call);
    if (found.promises.length === 0) {
      this.#push(item, found.nodes);
      return undefined;
    }
    const rule = run.calls.ruleOf(this.#scope, this.#task, this.#call);
    return run.calls.literals([item], this.#call, rule).then(({ args, nodes }) => {
      this.#push(rejectionIn(args[0]) ?? args[0], nodes);
    });
  }

  #push(item: unknown, nodes: readonly RunNode[]): void {
    if (this.#isStopped || this.#scope.run.scheduler.isStopping(this.node.id)) return;
    this.#taken += 1;
    this.#tree.push(this.#held(item, nodes));
  }

  #held(value: unknown, nodes: readonly RunNode[]): Part {
    const part = { value, nodes };
    for (const { id } of nodes) this.#scope.run.scheduler.retain(id);
    this.#waiting.add(part);
    return part;
  }

  /** Something else keeps its values now, or nothing needs them any more. */
  #letGo(part: Part): void {
    if (!this.#waiting.delete(part)) return;
    for (const { id } of part.nodes) this.#scope.run.scheduler.unretain(id);
  }

  #combine(waiting: readonly Part[]): Part {
    const { run } = this.#scope;
    const parts = waiting.map(({ value }) => value);
    const { nodes } = run.calls.inspect(parts, this.node.name, this.#call);
    const extra = { after: [], handled: false };
    const node = run.calls.submitTask(this.#scope, this.node, this.#task, parts, nodes, this.#call, extra);
    if (parts.some((part) => part instanceof RejectedInput)) node.set(INPUT_REJECTED);
    for (const part of waiting) this.#letGo(part);
    const leaves = parts.filter(
      (part) => !(part instanceof RunFuture && part.node?.parent === this.node),
    ).length;
    this.#combining += leaves;
    const ended = (): void => {
      this.#combining -= leaves;
      this.#upstream?.itemDone();
      this.#pulled?.pull();
    };
    if (node.has(SETTLED)) ended();
    else (node.waiters ??= []).push(ended);
    return this.#held(new RunFuture(run, this.#scope, node), [node]);
  }

  #finish(): void {
    const { run } = this.#scope;
    if (this.#taken === 0) throw emptyReduce(this.#call.at());
    this.#root = this.#tree.finish();
    const value = this.#root?.value;
    if (value instanceof RejectedInput) throw value.error;
    const root = value instanceof RunFuture ? value.node : undefined;
    if (root === undefined) {
      this.node.value = value;
      run.attempts.containerReturned(this.node, this.node.token);
      return;
    }
    run.scheduler.handle(root.id);
    run.scheduler.retain(root.id);
    if (this.#root !== undefined) this.#letGo(this.#root);
    run.waiting.ended(root).then(
      () => this.#guard(() => this.#rootEnded(root)),
      () => undefined,
    );
  }

  #rootEnded(root: RunNode): void {
    const { run } = this.#scope;
    const { token } = this.node;
    if (!run.scheduler.hasSucceeded(root.id)) {
      this.#fail(run.waiting.reasonOf(root));
      return;
    }
    if (!run.scheduler.isAlive(root.id)) {
      // Only adopted from the record: fetched when somebody needs it.
      run.attempts.containerReturned(this.node, token);
      run.scheduler.unretain(root.id);
      run.scheduler.spilled(this.node.id);
      return;
    }
    this.node.value = root.value;
    run.attempts.containerReturned(this.node, token, run.scheduler.nodes.bytes[root.id] ?? 0);
    run.scheduler.unretain(root.id);
  }

  async #assemble(): Promise<unknown> {
    const { run } = this.#scope;
    const value = this.#root?.value;
    const root = value instanceof RunFuture ? value.node : undefined;
    if (root === undefined) return value;
    run.scheduler.retain(root.id);
    try {
      if (!run.scheduler.isAlive(root.id)) await run.values.fetch(root);
      return root.value;
    } finally {
      run.scheduler.unretain(root.id);
    }
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #fail = (error: unknown): void => {
    const { run } = this.#scope;
    this.#isStopped = true;
    this.#pulled?.stop();
    this.#upstream?.itemDone();
    for (const part of this.#waiting) this.#letGo(part);
    run.attempts.threw(this.node, this.node.token, error);
    run.pump();
  };
}
