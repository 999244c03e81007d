import { STATE_CODE } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { Settled } from '../../future/future.ts';
import { callerContext } from '../../context/caller-context.ts';
import type { CallSite, MapSource } from '../../context/scope.ts';
import { refusalOf } from '../calls/calls.ts';
import type { Given } from '../calls/given.ts';
import { ruleOf, withoutKey } from '../calls/stage-call.ts';
import type { RunFuture } from '../futures/run-future.ts';
import { ended, firstWhenEnded, whenEnded } from '../nodes/ended.ts';
import { RETAINED, SETTLED } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Refusal } from '../nodes/work.ts';
import { submitContainer } from './containers.ts';
import { Followers, type FollowedItems, type ItemFollower } from './followers.ts';
import type { GroupParts } from './group-parts.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { ItemSource } from './item-source.ts';
import { itemsInput, UNKNOWN_ITEMS, type ItemsInput } from './items-input.ts';
import { MapFailures } from './map-failures.ts';
import { MapItems } from './map-items.ts';
import { StepQueue } from './step-queue.ts';
import { Structure } from './structure.ts';

/** Items of a map that may be submitted and not ended; stages keep their bodies alive, so fewer. */
const TASK_WINDOW = 4096;
const STAGE_WINDOW = 256;

const NO_NODES: readonly RunNode[] = [];

/**
 * All runs of one `map` call. Items are pulled while the runs not ended, here and in the maps and reduces
 * that consume this one, stay within a window: so a slow consumer holds back its producer.
 */
export class MapGroup implements FollowedItems {
  readonly node: RunNode;
  readonly #parts: GroupParts;
  readonly #scope: CodeScope;
  readonly #target: TaskDefinition | FlowDefinition;
  readonly #source: MapSource;
  readonly #call: CallSite;
  readonly #itemSite: CallSite;
  readonly #input: ItemsInput;
  readonly #items: MapItems;
  readonly #caller = callerContext();
  readonly #failures = new MapFailures();
  readonly #followers = new Followers();
  #pulled: ItemSource | undefined;
  /** The map whose items this one takes, to tell it of room. */
  #upstream: FollowedItems | undefined;
  #ended = 0;
  readonly #structure = new Structure();
  /** All items are submitted. */
  #isComplete = false;
  /** No more are wanted: one has failed and that is enough, or the map is to stop. */
  #isStopped = false;
  /** Why no more items come, if that is not all. */
  #broken: { readonly error: unknown } | undefined;
  /** How many wait for the values: none is dropped before they have them. */
  #awaited = 0;
  /** Nobody holds the map's future: nobody can ask for the values any more. */
  #isReleased = false;

  constructor(
    parts: GroupParts,
    scope: CodeScope,
    target: TaskDefinition | FlowDefinition,
    source: MapSource,
    call: CallSite,
  ) {
    this.#parts = parts;
    this.#scope = scope;
    this.#target = target;
    this.#source = source;
    // Asked for when an item is submitted, far from the user's line.
    const at = call.at();
    this.#call = { ...call, at: () => at };
    this.#itemSite = withoutKey(this.#call);
    this.#items = new MapItems(parts, scope, () => this.node);
    this.#input = itemsInput(parts, source.items, `${target.name}.map`, this.#call);
    const after = parts.intake.futuresAmong(call.after, 'after', this.#call);
    this.node = submitContainer(parts.submissions, scope, {
      kind: 'map',
      name: target.name,
      identity: source.args === undefined ? this.#input.text : UNKNOWN_ITEMS,
      key: call.overrides.key,
      at: this.#call.at,
      consumes: this.#input.consumes,
      after: after.nodes,
      rule: ruleOf(scope, target, call),
      work: {
        type: 'container',
        begin: () => this.#begin(after.promises),
        assemble: () => this.#items.values(),
        ended: (node) => parts.contents.ended(node, this.#structure.text),
        unretained: () => this.#unretained(),
        dropped: (child) => this.#items.evict(child),
        interrupt: (reason) => this.#fail(reason),
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
    else if (this.#mayRelease()) this.#items.releaseEnded();
  }

  follow(follower: ItemFollower): void {
    for (let at = 0; at < this.#items.length; at += 1) follower.item(this.#items.futureOf(at));
    this.#followers.add(follower);
    if (this.#isComplete) follower.complete();
    else if (this.#broken !== undefined) follower.failed(this.#broken.error);
    // It carries their failures on, also if the map has failed already.
    this.#parts.loop.scheduler.handle(this.node.id);
    if (this.#mayRelease()) this.#items.releaseEnded();
  }

  /** How each item ended, in order; values are fetched. Rejects if its items came to an end by an error. */
  async settledItems(): Promise<Settled<unknown>[]> {
    const { futures, waiting } = this.#parts;
    const scope = futures.scopeNow(this.#scope);
    const wait = waiting.begun(scope, this.node);
    this.keepValues();
    futures.handle(this.node);
    try {
      return await futures.holdingNoSlot(scope, async () => {
        await ended(this.node);
        // Some of the items are no answer to what became of all.
        if (this.#broken !== undefined) throw this.#broken.error;
        return this.#items.settled();
      });
    } finally {
      waiting.over(wait);
      this.valuesGiven();
    }
  }

  /** Future of one item, submitted already or later. */
  itemFuture(at: number): RunFuture {
    return this.#items.futureOfAny(at);
  }

  itemDone(): void {
    this.#upstream?.itemDone();
    this.#pulled?.pull();
  }

  #begin(ordered: readonly PromiseLike<unknown>[]): void {
    if (ordered.length === 0) this.#open();
    else Promise.all(ordered).then(() => this.#open(), this.#fail);
  }

  #open(): void {
    const { map } = this.#input;
    if (map === undefined) {
      const window = this.#target.kind === 'flow' ? STAGE_WINDOW : TASK_WINDOW;
      this.#pulled = new ItemSource(this.#input.items(), `${this.#target.name}.map`, window, {
        outstanding: () => this.#items.length - this.#done(),
        item: (item, index) => this.#submit(item, index),
        complete: () => this.#complete(),
        failed: this.#fail,
        at: () => this.#call.at(),
        within: (step) => this.#scope.within(step, this.#caller),
      });
      this.#parts.pacing.begin(this.#pulled);
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
      failed: this.#fail,
      done: () => this.#done(),
    });
  }

  /** Items done with here and in every follower. */
  #done(): number {
    return this.#isStopped ? Number.POSITIVE_INFINITY : this.#followers.done(this.#ended);
  }

  #submit(item: unknown, index: number): undefined | Promise<void> {
    const { loop, intake } = this.#parts;
    if (this.#isStopped || loop.scheduler.isStopping(this.node.id)) return undefined;
    const { args: toArgs, key: toKey } = this.#source;
    const args = toArgs === undefined ? [item] : this.#scope.within(() => toArgs(item, index), this.#caller);
    const key = toKey === undefined ? undefined : this.#scope.within(() => toKey(item, index), this.#caller);
    const given = intake.take(args, this.node.name, this.#call);
    if (given.promises.length === 0) {
      this.#add(given, key, undefined);
      return undefined;
    }
    const rule = ruleOf(this.#scope, this.#target, this.#call);
    return intake.come(given, this.#call, rule).then((come) => {
      if (!this.#isStopped) this.#add(come, key, refusalOf(come.rejection));
    });
  }

  #add(given: Given, key: string | undefined, refusal: Refusal | undefined): void {
    const { submissions } = this.#parts;
    const scope = this.#scope;
    const target = this.#target;
    const place = this.#items.length;
    const details = { after: NO_NODES, handled: false, caller: this.#caller, key, place, refusal };
    const node =
      target.kind === 'task'
        ? submissions.task(scope, this.node, target, given, this.#itemSite, details)
        : submissions.stage(scope, this.node, target, given, this.#itemSite, details);
    this.#structure.add(node.key);
    this.#items.add(node);
    if (!this.#followers.isEmpty) this.#followers.item(() => this.#items.futureOf(place));
    if (node.has(SETTLED)) this.#itemEnded(node);
    else whenEnded(node, () => this.#itemEnded(node));
  }

  #itemEnded(node: RunNode): void {
    const { scheduler } = this.#parts.loop;
    this.#ended += 1;
    const state = scheduler.stateOf(node.id);
    const isFailure = !scheduler.hasSucceeded(node.id) && state !== STATE_CODE.skipped;
    if (isFailure && !(this.#isStopped && state === STATE_CODE.cancelled)) {
      this.#failures.add(node.at, this.#parts.waiting.reasonOf(node));
      if (this.#source.failFast && !this.#isStopped) {
        this.#stop();
        scheduler.cancelChildren(this.node.id, 'fail_fast', 'another item failed');
        if (!this.#isComplete) this.#complete();
      }
    }
    if (this.#mayRelease()) this.#items.release(node);
    this.itemDone();
    this.#finish();
  }

  #stop(): void {
    this.#isStopped = true;
    this.#pulled?.stop();
    this.#upstream?.itemDone();
  }

  readonly #fail = (error: unknown): void => {
    this.#stop();
    if (!this.#isComplete) {
      this.#broken ??= { error };
      this.#followers.failed(error);
    }
    this.#parts.outcomes.threw(this.node, this.node.token, error);
    this.#parts.loop.pump();
  };

  #complete(): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    this.#parts.record.entry(this.node, 'map', { size: this.#items.length });
    this.#followers.complete();
    this.#finish();
  }

  /** All items have ended: so does the map. */
  #finish(): void {
    if (!this.#isComplete || this.#ended < this.#items.length) return;
    const { loop, outcomes } = this.#parts;
    const failure = this.#failures.error(this.node.name, this.#items.length);
    if (failure === undefined) {
      // The values are assembled when somebody asks for them.
      firstWhenEnded(this.node, () => loop.scheduler.spilled(this.node.id));
      outcomes.containerReturned(this.node, this.node.token);
      return;
    }
    outcomes.threw(this.node, this.node.token, failure);
  }

  /** Nobody holds the map's future; what consumes the list as a whole still needs the items. */
  #unretained(): void {
    if (this.#parts.loop.scheduler.needOf(this.node.id) > 0) return;
    this.#isReleased = true;
    if (this.#mayRelease()) this.#items.releaseEnded();
  }

  /** Do consumers of the items alone decide how long values live? */
  #mayRelease(): boolean {
    return this.#awaited === 0 && (!this.#followers.isEmpty || this.#isReleased);
  }
}
