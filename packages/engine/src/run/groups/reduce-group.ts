import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { CallSite, ReduceSource } from '../../context/scope.ts';
import { inspect } from '../calls/inspect.ts';
import { literals } from '../calls/literals.ts';
import { RejectedInput, rejectionIn } from '../calls/rejected-input.ts';
import { ruleOf } from '../calls/stage-call.ts';
import { RunFuture } from '../futures/run-future.ts';
import { ended, whenEnded } from '../nodes/ended.ts';
import { SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { submitContainer } from './containers.ts';
import type { FollowedItems } from './followers.ts';
import type { GroupParts } from './group-parts.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { ItemSource } from './item-source.ts';
import { itemsInput, type ItemsInput } from './items-input.ts';
import { emptyReduce, TreeBuilder } from './reduce-order.ts';
import { StepQueue } from './step-queue.ts';

/** Leaves that may be taken in and not yet combined, when they are not paced by a map. */
const WINDOW = 4096;

/** Submits a reduce; its future is the author's. */
export function startReduce(
  parts: GroupParts,
  scope: CodeScope,
  task: TaskDefinition,
  source: ReduceSource,
  call: CallSite,
): RunFuture {
  const group = new ReduceGroup(parts, scope, task, source, call);
  return parts.futures.futureOf(scope, group.node);
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
  readonly #parts: GroupParts;
  readonly #scope: CodeScope;
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
  #upstream: FollowedItems | undefined;
  #pulled: ItemSource | undefined;

  constructor(
    parts: GroupParts,
    scope: CodeScope,
    task: TaskDefinition,
    source: ReduceSource,
    call: CallSite,
  ) {
    this.#parts = parts;
    this.#scope = scope;
    this.#task = task;
    this.#source = source;
    // Asked for when the items are in, far from the user's line.
    const at = call.at();
    this.#call = { ...call, at: () => at };
    this.#input = itemsInput(parts, source.items, `reduce with '${task.name}'`, this.#call);
    const after = inspect(parts.futures, call.after, 'after', call);
    this.#tree = new TreeBuilder(source.arity, (adjacent) => this.#combine(adjacent));
    this.node = submitContainer(parts.submissions, scope, {
      kind: 'reduce',
      name: task.name,
      identity: [],
      consumes: this.#input.consumes,
      after: after.nodes,
      rule: ruleOf(scope, task, call),
      work: {
        type: 'container',
        begin: () => this.#begin(after.promises),
        assemble: () => this.#assemble(),
        interrupt: (reason) => this.#fail(reason),
        dropped: (child) => void parts.eviction.evict(child),
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
      within: (step) => this.#scope.within(step),
    });
    this.#parts.pacing.begin(this.#pulled);
  }

  /** Items that need not be waited for: combined, or waiting in the tree for one beside them. */
  #done(): number {
    return this.#isStopped ? Number.POSITIVE_INFINITY : this.#taken - this.#combining;
  }

  /** An item that is, or contains, a plain promise holds back the next. */
  #take(item: unknown): undefined | Promise<void> {
    const { futures } = this.#parts;
    const found = inspect(futures, item, this.node.name, this.#call);
    if (found.promises.length === 0) {
      this.#push(item, found.nodes);
      return undefined;
    }
    const rule = ruleOf(this.#scope, this.#task, this.#call);
    return literals(futures, [item], this.#call, rule).then(({ args, nodes }) => {
      this.#push(rejectionIn(args[0]) ?? args[0], nodes);
    });
  }

  #push(item: unknown, nodes: readonly RunNode[]): void {
    if (this.#isStopped || this.#parts.loop.scheduler.isStopping(this.node.id)) return;
    this.#taken += 1;
    this.#tree.push(this.#held(item, nodes));
  }

  #held(value: unknown, nodes: readonly RunNode[]): Part {
    const part = { value, nodes };
    for (const { id } of nodes) this.#parts.loop.scheduler.retain(id);
    this.#waiting.add(part);
    return part;
  }

  /** Something else keeps its values now, or nothing needs them any more. */
  #letGo(part: Part): void {
    if (!this.#waiting.delete(part)) return;
    for (const { id } of part.nodes) this.#parts.loop.scheduler.unretain(id);
  }

  #combine(waiting: readonly Part[]): Part {
    const { futures, submissions } = this.#parts;
    const parts = waiting.map(({ value }) => value);
    const { nodes } = inspect(futures, parts, this.node.name, this.#call);
    const rejection = parts.find((part) => part instanceof RejectedInput);
    const refusal =
      rejection === undefined ? undefined : ({ reason: 'input_rejected', error: rejection.error } as const);
    const details = { after: [], handled: false, refusal };
    const node = submissions.task(this.#scope, this.node, this.#task, parts, nodes, this.#call, details);
    for (const part of waiting) this.#letGo(part);
    const leaves = parts.filter(
      (part) => !(part instanceof RunFuture && part.node?.parent === this.node),
    ).length;
    this.#combining += leaves;
    const combined = (): void => {
      this.#combining -= leaves;
      this.#upstream?.itemDone();
      this.#pulled?.pull();
    };
    if (node.has(SETTLED)) combined();
    else whenEnded(node, combined);
    return this.#held(new RunFuture(futures, this.#scope, node), [node]);
  }

  #finish(): void {
    const { loop, values, outcomes } = this.#parts;
    if (this.#taken === 0) throw emptyReduce(this.#call.at());
    this.#root = this.#tree.finish();
    const value = this.#root?.value;
    if (value instanceof RejectedInput) throw value.error;
    const root = value instanceof RunFuture ? value.node : undefined;
    if (root === undefined) {
      values.put(this.node, value);
      outcomes.containerReturned(this.node, this.node.token);
      return;
    }
    loop.scheduler.handle(root.id);
    loop.scheduler.retain(root.id);
    if (this.#root !== undefined) this.#letGo(this.#root);
    ended(root).then(
      () => this.#guard(() => this.#rootEnded(root)),
      () => undefined,
    );
  }

  #rootEnded(root: RunNode): void {
    const { loop, values, waiting, outcomes } = this.#parts;
    const { scheduler } = loop;
    const { token } = this.node;
    if (!scheduler.hasSucceeded(root.id)) {
      this.#fail(waiting.reasonOf(root));
    } else if (!scheduler.isAlive(root.id)) {
      // Only adopted from the record: fetched when somebody needs it.
      outcomes.containerReturned(this.node, token);
      scheduler.unretain(root.id);
      scheduler.spilled(this.node.id);
    } else {
      values.put(this.node, root.value);
      outcomes.containerReturned(this.node, token, scheduler.nodes.bytes[root.id] ?? 0);
      scheduler.unretain(root.id);
    }
  }

  async #assemble(): Promise<unknown> {
    const { loop, waiting } = this.#parts;
    const value = this.#root?.value;
    const root = value instanceof RunFuture ? value.node : undefined;
    if (root === undefined) return value;
    loop.scheduler.retain(root.id);
    try {
      await waiting.bring(root);
      return root.value;
    } finally {
      loop.scheduler.unretain(root.id);
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
    this.#isStopped = true;
    this.#pulled?.stop();
    this.#upstream?.itemDone();
    for (const part of this.#waiting) this.#letGo(part);
    this.#parts.outcomes.threw(this.node, this.node.token, error);
    this.#parts.loop.pump();
  };
}
