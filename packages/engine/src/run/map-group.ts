import { STATE_CODE } from '@sidereal/core';
import { ambient } from '../ambient.ts';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import type { Settled } from '../future.ts';
import type { CallSite, MapSource } from '../scope.ts';
import { submitContainer } from './containers.ts';
import { itemsInput, type ItemsInput } from './items-input.ts';
import { ItemLedger } from './item-ledger.ts';
import { ItemSource } from './item-source.ts';
import type { MainScope } from './main-scope.ts';
import { mapFailed, noItem } from './run-errors.ts';
import { currentIn, RunFuture } from './run-future.ts';
import { INPUT_REJECTED, RETAINED, SETTLED, type RunNode } from './run-node.ts';
import { StepQueue } from './step-queue.ts';

/** Items of a map that may be submitted and not ended; stages keep their bodies alive, so fewer. */
const TASK_WINDOW = 4096;
const STAGE_WINDOW = 256;
/** Errors kept to tell why a map failed. */
const MAX_ERRORS = 1000;

/** What consumes a map's items as they are submitted. */
export interface ItemFollower {
  item(future: RunFuture): void;
  complete(): void;
  /** Items of the source that are done with here, and in what follows here. */
  done(): number;
}

/** The future of a map group; also a source of its items' futures for `map` and `reduce`. */
export class MapRunFuture extends RunFuture {
  readonly isMap = true;
  readonly group: MapGroup;

  constructor(group: MapGroup, scope: MainScope) {
    super(scope.run, scope, group.node);
    this.group = group;
  }

  protected override async outcome(): Promise<unknown> {
    this.group.keepValues();
    try {
      return await super.outcome();
    } finally {
      this.group.valuesGiven();
    }
  }
}

export function startMap(
  scope: MainScope,
  target: TaskDefinition | FlowDefinition,
  source: MapSource,
  call: CallSite,
): MapRunFuture {
  const group = new MapGroup(scope, target, source, call);
  const future = new MapRunFuture(group, scope);
  scope.run.holds.retain(future, scope, group.node);
  return future;
}

/**
 * All runs of one `map` call. Items are pulled while the runs not ended, here and in the maps and reduces
 * that consume this one, stay within a window: so a slow consumer holds back its producer.
 */
export class MapGroup {
  readonly node: RunNode;
  readonly #scope: MainScope;
  readonly #target: TaskDefinition | FlowDefinition;
  readonly #source: MapSource;
  readonly #call: CallSite;
  readonly #window: number;
  readonly #input: ItemsInput;
  readonly #items = new ItemLedger();
  readonly #errors: unknown[] = [];
  readonly #followers: ItemFollower[] = [];
  /** Items that are asked for before they are submitted. */
  readonly #submissions = new Map<number, PromiseWithResolvers<RunNode>>();
  #pulled: ItemSource | undefined;
  /** The map whose items this one takes, to tell it of room. */
  #upstream: MapGroup | undefined;
  #ended = 0;
  #failed = 0;
  /** All items are submitted. */
  #isComplete = false;
  /** No more are wanted: one has failed and that is enough, or the map is to stop. */
  #isStopped = false;
  /** How many wait for the values: none is dropped before they have them. */
  #awaited = 0;
  /** Nobody holds the map's future: nobody can ask for the values any more. */
  #isReleased = false;

  constructor(scope: MainScope, target: TaskDefinition | FlowDefinition, source: MapSource, call: CallSite) {
    const { run } = scope;
    this.#scope = scope;
    this.#target = target;
    this.#source = source;
    // Asked for when an item is submitted, far from the user's line.
    const at = call.at();
    this.#call = { ...call, at: () => at };
    this.#window = target.kind === 'flow' ? STAGE_WINDOW : TASK_WINDOW;
    this.#input = itemsInput(run, source.items, `${target.name}.map`, this.#call);
    const after = run.calls.inspect(call.after, 'after', call);
    this.node = submitContainer(run, scope, {
      kind: 'map',
      name: target.name,
      identity: [],
      parent: scope.node,
      consumes: this.#input.consumes,
      after: after.nodes,
      rule: run.calls.ruleOf(scope, target, call),
      work: {
        type: 'container',
        begin: () => this.#begin(after.promises),
        assemble: () => this.#assemble(),
        unretained: () => this.#unretained(),
        dropped: (child) => this.#retire(child),
        interrupt: (reason) => this.#interrupt(reason),
      },
    });
  }

  /** Somebody awaits the values: none is dropped before `valuesGiven`. */
  keepValues(): void {
    this.#awaited += 1;
  }

  /** Somebody who awaited the values has them. */
  valuesGiven(): void {
    this.#awaited -= 1;
    if (!this.node.has(RETAINED)) this.#unretained();
    else if (this.#mayRelease()) this.#releaseValues();
  }

  /** A map or reduce takes this one's items, from the first on, as they are submitted. */
  follow(follower: ItemFollower): void {
    for (let at = 0; at < this.#items.length; at += 1) follower.item(this.#futureOf(at));
    this.#followers.push(follower);
    if (this.#isComplete) follower.complete();
    if (this.#mayRelease()) this.#releaseValues();
  }

  /** How each item ended, in order; values are fetched. */
  async settledItems(): Promise<Settled<unknown>[]> {
    const { run } = this.#scope;
    const scope = currentIn(run) ?? this.#scope;
    this.keepValues();
    run.scheduler.handle(this.node.id);
    try {
      return await run.waiting.parked(scope, async () => {
        await run.waiting.ended(this.node);
        const settled: Settled<unknown>[] = [];
        for (let at = 0; at < this.#items.length; at += 1)
          settled.push(await run.waiting.settled(this.#nodeAt(at)));
        return settled;
      });
    } finally {
      this.valuesGiven();
    }
  }

  /** Future of one item, submitted already or later. */
  itemFuture(at: number): RunFuture {
    if (at < this.#items.length) return this.#futureOf(at);
    const { run } = this.#scope;
    const submitted = run.waiting.ended(this.node).then(() => {
      if (at < this.#items.length) return this.#nodeAt(at);
      throw run.scheduler.hasSucceeded(this.node.id)
        ? noItem(this.node.name, at)
        : run.waiting.reasonOf(this.node);
    });
    const item = this.#submissions.get(at) ?? Promise.withResolvers<RunNode>();
    this.#submissions.set(at, item);
    submitted.then(item.resolve, item.reject);
    return new RunFuture(run, this.#scope, item.promise);
  }

  /** An item of this map has ended in one of its followers: values may go, and more items may come. */
  itemDone(): void {
    this.#upstream?.itemDone();
    this.#pulled?.pull();
  }

  #begin(ordered: readonly PromiseLike<unknown>[]): void {
    if (ordered.length === 0) {
      this.#open();
      return;
    }
    Promise.all(ordered).then(() => this.#open(), this.#fail);
  }

  #open(): void {
    const { map } = this.#input;
    if (map === undefined) {
      this.#pulled = new ItemSource(this.#input.items(), `${this.#target.name}.map`, this.#window, {
        outstanding: () => this.#items.length - this.#done(),
        item: (item, index) => this.#submit(item, index),
        complete: () => this.#complete(),
        failed: this.#fail,
        at: () => this.#call.at(),
        within: (step) => ambient.storage.run(this.#scope, step),
      });
      this.#scope.run.pace(this.#pulled);
      this.#pulled.pull();
      return;
    }
    // In order, though the arguments of some items may have to be waited for.
    const steps = new StepQueue(this.#fail);
    let index = 0;
    this.#upstream = map;
    map.follow({
      item: (future) => {
        const at = index;
        index += 1;
        steps.add(() => this.#submit(future, at));
      },
      complete: () => steps.add(() => this.#complete()),
      done: () => this.#done(),
    });
  }

  /** Items done with here and in every follower. */
  #done(): number {
    if (this.#isStopped) return Number.POSITIVE_INFINITY;
    let done = this.#ended;
    for (const follower of this.#followers) done = Math.min(done, follower.done());
    return done;
  }

  #submit(item: unknown, index: number): undefined | Promise<void> {
    const { run } = this.#scope;
    if (this.#isStopped || run.scheduler.isStopping(this.node.id)) return undefined;
    const { args: toArgs, key: toKey } = this.#source;
    const args = toArgs === undefined ? [item] : ambient.storage.run(this.#scope, toArgs, item, index);
    const key = toKey === undefined ? undefined : ambient.storage.run(this.#scope, toKey, item, index);
    const found = run.calls.inspect(args, this.node.name, this.#call);
    if (found.promises.length === 0) {
      this.#add(args, found.nodes, key, false);
      return undefined;
    }
    const rule = run.calls.ruleOf(this.#scope, this.#target, this.#call);
    return run.calls.literals(args, this.#call, rule).then(({ args: literals, nodes, isRejected }) => {
      if (!this.#isStopped) this.#add(literals, nodes, key, isRejected);
    });
  }

  #add(
    args: readonly unknown[],
    consumes: readonly RunNode[],
    key: string | undefined,
    isRejected: boolean,
  ): void {
    const { run } = this.#scope;
    const target = this.#target;
    const extra = { after: [], handled: false, key };
    const node =
      target.kind === 'task'
        ? run.calls.submitTask(this.#scope, this.node, target, args, consumes, this.#call, extra)
        : run.calls.submitStage(this.#scope, this.node, target, args, consumes, this.#call, extra);
    if (isRejected) node.set(INPUT_REJECTED);
    const at = this.#items.push(node);
    this.#submissions.get(at)?.resolve(node);
    this.#submissions.delete(at);
    node.at = at;
    node.set(RETAINED);
    run.scheduler.retain(node.id);
    for (const follower of this.#followers) follower.item(new RunFuture(run, this.#scope, node));
    if (node.has(SETTLED)) this.#itemEnded(node);
    else (node.waiters ??= []).push(() => this.#itemEnded(node));
  }

  #itemEnded(node: RunNode): void {
    const { run } = this.#scope;
    this.#ended += 1;
    const state = run.scheduler.stateOf(node.id);
    const isFailure = !run.scheduler.hasSucceeded(node.id) && state !== STATE_CODE.skipped;
    if (isFailure && !(this.#isStopped && state === STATE_CODE.cancelled)) {
      this.#failed += 1;
      if (this.#errors.length < MAX_ERRORS) this.#errors.push(run.waiting.reasonOf(node));
      if (this.#source.failFast && !this.#isStopped) {
        this.#stop();
        run.scheduler.cancelChildren(this.node.id, 'fail_fast', 'another item failed');
        if (!this.#isComplete) this.#complete();
      }
    }
    if (this.#mayRelease()) this.#release(node);
    this.itemDone();
    this.#finish();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#pulled?.stop();
    this.#upstream?.itemDone();
  }

  /** The map was asked to stop: whatever its source still waits for is of no interest. */
  #interrupt(reason: Error): void {
    this.#fail(reason);
  }

  readonly #fail = (error: unknown): void => {
    this.#stop();
    this.#scope.run.attempts.threw(this.node, this.node.token, error);
    this.#scope.run.pump();
  };

  #complete(): void {
    if (this.#isComplete) return;
    const { run } = this.#scope;
    this.#isComplete = true;
    run.entry(this.node, 'map', { size: this.#items.length }, new Uint8Array(0));
    for (const follower of this.#followers) follower.complete();
    this.#finish();
  }

  /** All items have ended: so does the map. */
  #finish(): void {
    if (!this.#isComplete || this.#ended < this.#items.length) return;
    const { run } = this.#scope;
    const failure = this.#failure();
    if (failure === undefined) {
      // The values are assembled when somebody asks for them.
      (this.node.waiters ??= []).unshift(() => run.scheduler.spilled(this.node.id));
      run.attempts.containerReturned(this.node, this.node.token);
      return;
    }
    // What consumes the items has taken on the duty of their failures.
    if (this.#followers.length > 0) run.scheduler.handle(this.node.id);
    run.attempts.threw(this.node, this.node.token, failure);
  }

  #failure(): Error | undefined {
    if (this.#failed === 0) return undefined;
    return mapFailed(this.node.name, this.#errors, this.#failed, this.#items.length);
  }

  /** The values, in order of the items; skipped items are absent. */
  async #assemble(): Promise<unknown[]> {
    const { run } = this.#scope;
    const { scheduler } = run;
    const values: unknown[] = [];
    for (let at = 0; at < this.#items.length; at += 1) {
      const node = this.#nodeAt(at);
      // An item that is not completed any more is being computed again: its value is waited for.
      if (scheduler.stateOf(node.id) === STATE_CODE.skipped) continue;
      if (!scheduler.isAlive(node.id)) {
        scheduler.retain(node.id);
        await run.values.fetch(node);
        values.push(node.value);
        scheduler.unretain(node.id);
      } else {
        values.push(node.value);
      }
    }
    return values;
  }

  #nodeAt(at: number): RunNode {
    const node = this.#items.node(at);
    if (node !== undefined) return node;
    const revived = this.#scope.run.retirement.revive(
      this.#items.idxOf(at),
      this.#items.keyOf(at),
      this.node,
    );
    // Its place, so that the right one is cleared when it leaves memory again.
    revived.at = at;
    this.#items.setNode(at, revived);
    return revived;
  }

  #futureOf(at: number): RunFuture {
    return new RunFuture(this.#scope.run, this.#scope, this.#nodeAt(at));
  }

  /** Nobody holds the map's future; what consumes the list as a whole still needs the items. */
  #unretained(): void {
    if (this.#scope.run.scheduler.needOf(this.node.id) > 0) return;
    this.#isReleased = true;
    if (this.#mayRelease()) this.#releaseValues();
  }

  /** Do consumers of the items alone decide how long values live? */
  #mayRelease(): boolean {
    return this.#awaited === 0 && (this.#followers.length > 0 || this.#isReleased);
  }

  #releaseValues(): void {
    for (let at = 0; at < this.#items.length; at += 1) {
      const node = this.#items.node(at);
      if (node?.has(SETTLED) === true) this.#release(node);
    }
  }

  /** From now on its consumers alone decide how long its value lives. */
  #release(node: RunNode): void {
    const { run } = this.#scope;
    run.holds.release(node);
    this.#retire(node);
  }

  /** Keeps no more of an item than its number and key, if its record is all that anybody can ask for. */
  #retire(node: RunNode): void {
    if (!node.has(RETAINED) && this.#scope.run.retirement.retire(node))
      this.#items.setNode(node.at, undefined);
  }
}
