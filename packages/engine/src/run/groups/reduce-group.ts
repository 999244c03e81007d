import type { CanonicalText } from '@sidereal/core';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { callerContext } from '../../context/caller-context.ts';
import type { CallSite, ReduceSource } from '../../context/scope.ts';
import { materialize } from '../../data/captured-arguments.ts';
import { refusalOf } from '../calls/calls.ts';
import type { Come } from '../calls/given.ts';
import { ruleOf, withoutKey } from '../calls/stage-call.ts';
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
import { Structure } from './structure.ts';

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
  /** It is a promise that has rejected: what combines it fails. */
  readonly rejection: Come['rejection'];
}

/** All runs of one `reduce` call: a tree in input order, built while the items come. */
class ReduceGroup {
  readonly node: RunNode;
  readonly #parts: GroupParts;
  readonly #scope: CodeScope;
  readonly #task: TaskDefinition;
  readonly #source: ReduceSource;
  readonly #call: CallSite;
  readonly #itemSite: CallSite;
  readonly #caller = callerContext();
  readonly #tree: TreeBuilder<Part>;
  /** Parts in the tree. */
  readonly #waiting = new Set<Part>();
  readonly #input: ItemsInput;
  /** Items taken in, and how many of them a run combines just now. */
  #taken = 0;
  #combining = 0;
  readonly #structure = new Structure();
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
    this.#itemSite = withoutKey(this.#call);
    this.#input = itemsInput(parts, source.items, `reduce with '${task.name}'`, this.#call);
    const after = parts.intake.futuresAmong(call.after, 'after', this.#call);
    this.#tree = new TreeBuilder(source.arity, (adjacent) => this.#combine(adjacent));
    this.node = submitContainer(parts.submissions, scope, {
      kind: 'reduce',
      name: task.name,
      identity: this.#identity(),
      key: call.overrides.key,
      at: this.#call.at,
      consumes: this.#input.consumes,
      after: after.nodes,
      rule: ruleOf(scope, task, call),
      work: {
        type: 'container',
        begin: () => this.#begin(after.promises),
        assemble: () => this.#assemble(),
        ended: (node) => parts.contents.ended(node, this.#contentsText()),
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
      failed: this.#fail,
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
      within: (step) => this.#scope.within(step, this.#caller),
    });
    this.#parts.pacing.begin(this.#pulled);
  }

  /** Items that need not be waited for: combined, or waiting in the tree for one beside them. */
  #done(): number {
    return this.#isStopped ? Number.POSITIVE_INFINITY : this.#taken - this.#combining;
  }

  /** An item that is, or contains, a plain promise holds back the next. */
  #take(item: unknown): undefined | Promise<void> {
    const { intake } = this.#parts;
    const given = intake.take([item], this.node.name, this.#call);
    if (given.promises.length === 0) {
      this.#push({ ...given, rejection: undefined });
      return undefined;
    }
    const rule = ruleOf(this.#scope, this.#task, this.#call);
    return intake.come(given, this.#call, rule).then((come) => this.#push(come));
  }

  #push({ captured, nodes, rejection }: Come): void {
    if (this.#isStopped || this.#parts.loop.scheduler.isStopping(this.node.id)) return;
    this.#taken += 1;
    const [value] = materialize(captured, (future) => future);
    this.#tree.push(this.#held({ value, nodes, rejection }));
  }

  #held(part: Part): Part {
    for (const { id } of part.nodes) this.#parts.loop.scheduler.retain(id);
    this.#waiting.add(part);
    return part;
  }

  /** Something else keeps its values now, or nothing needs them any more. */
  #letGo(part: Part): void {
    if (!this.#waiting.delete(part)) return;
    for (const { id } of part.nodes) this.#parts.loop.scheduler.unretain(id);
  }

  #combine(waiting: readonly Part[]): Part {
    const { futures, intake, submissions } = this.#parts;
    const values = waiting.map(({ value }) => value);
    const given = intake.take(values, this.node.name, this.#call);
    const refusal = refusalOf(waiting.find(({ rejection }) => rejection !== undefined)?.rejection);
    const details = { after: [], handled: false, caller: this.#caller, refusal, leavesOutSkipped: true };
    const node = submissions.task(this.#scope, this.node, this.#task, given, this.#itemSite, details);
    this.#structure.add(node.key);
    for (const part of waiting) this.#letGo(part);
    const leaves = values.filter(
      (value) => !(value instanceof RunFuture && value.node?.parent === this.node),
    ).length;
    this.#combining += leaves;
    const combined = (): void => {
      this.#combining -= leaves;
      this.#upstream?.itemDone();
      this.#pulled?.pull();
    };
    if (node.has(SETTLED)) combined();
    else whenEnded(node, combined);
    const value = new RunFuture(futures, this.#scope, node);
    return this.#held({ value, nodes: [node], rejection: undefined });
  }

  #finish(): void {
    const { loop, values, outcomes } = this.#parts;
    if (this.#taken === 0) throw emptyReduce(this.#call.at());
    this.#root = this.#tree.finish();
    if (this.#root?.rejection !== undefined) throw this.#root.rejection.error;
    const value = this.#root?.value;
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

  /** What tells it from other reduces: its items and what it begins with. */
  #identity(): CanonicalText {
    const { initial } = this.#source;
    const items = this.#input.text;
    if (initial === undefined) return items;
    const first = this.#parts.intake.textOfValue(initial.value);
    return {
      text: `${items.text}\n${first.text}`,
      isComplete: items.isComplete && first.isComplete,
    };
  }

  /** Made of the same runs as before, it gives what they gave. One that combines nothing gives its only item. */
  #contentsText(): string | undefined {
    if (this.#structure.count > 0) return this.#structure.text;
    const item = this.#root?.value;
    const node = item instanceof RunFuture ? item.node : undefined;
    if (node === undefined) return this.#parts.contents.textOf(item);
    this.node.madeAnew(node.remade);
    return node.key;
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
