/**
 * A random walk: a tape of numbers, read as events that a shell might send in this situation, to a scheduler
 * that is checked after each. Any tape is a valid walk, so tapes may be cut and shrunk at will.
 */
import type { Scheduler } from '../scheduler/scheduler.ts';
import { STATE_CODE } from '../states/state.ts';
import { TRIGGER_RULES } from '../trigger-rule.ts';
import { CheckedScheduler } from './checked-scheduler.ts';
import type { ShadowSubmission } from './shadow-graph.ts';
import type { ShadowNode } from './shadow-node.ts';
import { bytesOf, outcome, pick, repeat } from './walk-choices.ts';

export interface WalkSetup {
  readonly budget: number;
  /** What a run of which nothing is known is taken to make. */
  readonly unknown: number;
  /** How much there is of each named resource. */
  readonly resources: readonly number[];
  /** Capacity of each pool, and the earlier pool that it lies in, if any. */
  readonly pools: readonly { readonly capacity: number; readonly parent: number }[];
  /** Dispatch after every event, as a shell does, or only now and then. */
  readonly isEager: boolean;
}

/** One event: what, and two numbers that choose among what is possible. */
export type Step = readonly [event: number, a: number, b: number];

/** Something that a node's code waits for: another node to end, or (none) something outside. */
interface Wait {
  readonly node: ShadowNode;
  readonly attempt: number;
  readonly on: ShadowNode | undefined;
}

type Event = (a: number, b: number) => void;

const MOST_NODES = 28;

export class SchedulerWalk {
  readonly checked: CheckedScheduler;
  readonly #isEager: boolean;
  #waits: Wait[] = [];
  #submitted = 0;

  constructor({ budget, unknown, resources, pools, isEager }: WalkSetup) {
    this.checked = new CheckedScheduler(budget, unknown);
    for (const capacity of resources) this.checked.addResource(capacity);
    this.#isEager = isEager;
    pools.forEach(({ capacity, parent }, index) => {
      this.checked.addPool(capacity, Math.min(parent, index - 1));
    });
    this.#submit({
      ...this.#plain(undefined, 0, 0),
      pool: -1,
      handled: true,
      rule: 0,
      consumes: [],
      after: [],
    });
  }

  step([event, a, b]: Step): void {
    this.#events[event % this.#events.length]?.(a, b);
    if (this.#isEager) this.checked.dispatch();
  }

  /**
   * Sends nothing new, only what is due: every attempt ends, every wake and answer arrives. Then all must have
   * ended: nothing waits for ever.
   */
  finish(): void {
    const { checked } = this;
    checked.release();
    checked.graph.pools.forEach(({ capacity }, pool) => {
      if (capacity === 0) checked.setCapacity(pool, 1);
    });
    for (let round = 0; this.#open.length > 0; round += 1) {
      const isMoving = this.#sendDue();
      if (isMoving && round < 10_000) continue;
      throw new Error(`nothing moves, and left are ${this.#open.map(({ name }) => name).join(', ')}`);
    }
  }

  // ---- the end ----------------------------------------------------------------------------------------

  get #open(): ShadowNode[] {
    return this.checked.nodes.filter(({ hasEnded }) => !hasEnded);
  }

  /** Sends what is due; returns whether there was anything. */
  #sendDue(): boolean {
    const { checked } = this;
    const before = checked.story.length;
    let isMoving = false;
    if (checked.isSpilling) {
      checked.spillDone();
      isMoving = true;
    }
    checked.dispatch();
    for (const node of checked.nodes.filter(({ wakes }) => wakes > 0)) {
      checked.woken(node);
      isMoving = true;
    }
    for (const wait of this.#due()) {
      this.#unwait(wait);
      isMoving = true;
    }
    for (const node of checked.nodes.filter(isGathering)) {
      this.#gather(node, 0);
      isMoving = true;
    }
    for (const node of checked.nodes) {
      if (node.phase !== 'body' || node.waits > 0 || node.isReacquiring) continue;
      checked.attemptEnded(node, { type: 'completed', bytes: 10 });
      isMoving = true;
    }
    return isMoving || checked.story.length > before;
  }

  // ---- events -----------------------------------------------------------------------------------------

  readonly #events: readonly Event[] = [
    ...repeat<Event>(10, (a, b) => this.#submitTask(a, b)),
    ...repeat<Event>(3, (a, b) => this.#submitContainer(a, b)),
    ...repeat<Event>(9, (a, b) => this.#endAttempt(a, b)),
    ...repeat<Event>(4, () => this.checked.dispatch()),
    ...repeat<Event>(3, (a, b) => this.#waitFor(a, b)),
    ...repeat<Event>(3, (a) => this.#withOne(this.#due(), a, (wait) => this.#unwait(wait))),
    ...repeat<Event>(4, (a, b) => this.#on(a, isGathering, (node) => this.#gather(node, b))),
    ...repeat<Event>(2, (a) =>
      this.#on(
        a,
        ({ wakes }) => wakes > 0,
        (node) => this.checked.woken(node),
      ),
    ),
    ...repeat<Event>(2, (a, b) => this.#adopt(a, b)),
    ...repeat<Event>(2, (a) => this.#on(a, isAny, (node) => this.checked.retain(node))),
    ...repeat<Event>(2, (a) => this.#on(a, isHeld, (node) => this.checked.unretain(node))),
    ...repeat<Event>(3, (a) =>
      this.#on(
        a,
        ({ isAlive }) => isAlive,
        (node) => this.checked.spilled(node),
      ),
    ),
    ...repeat<Event>(2, (a) => this.#on(a, this.#isAbsent, (node) => this.#recompute(node))),
    // One that failed may be wanted again too: it was to be computed again for somebody else, in vain.
    (a) =>
      this.#on(
        a,
        ({ hasFailed, attempt }) => hasFailed && attempt > 0,
        (node) => this.#recompute(node),
      ),
    (a, b) => this.#on(a, this.#isAbsent, (node) => this.#load(node, b)),
    (a) => this.#on(a, this.#isForgettable, (node) => this.checked.forget(node)),
    (a) => this.#on(a, isAny, (node) => this.checked.handle(node)),
    (a, b) =>
      this.#on(
        a,
        (node) => isChild(node) || b % 8 === 0,
        (node) => this.checked.cancel(node),
      ),
    (a, b) =>
      this.#on(
        a,
        (node) => isChild(node) || b % 4 === 0,
        (node) => this.checked.cancelChildren(node),
      ),
    () =>
      this.#withOne(
        [this.checked].filter(({ isSpilling }) => isSpilling),
        0,
        (one) => one.spillDone(),
      ),
    () => (this.checked.isHeld ? this.checked.release() : this.checked.hold()),
    (a, b) => this.checked.setCapacity(a % this.checked.graph.pools.length, b % 4),
    (a, b) => this.checked.setAhead(a % this.checked.graph.pools.length, b % 4),
    // An input that was missed is back by the time that it is called lost, or is on its way already.
    (a) => this.#on(a, isGathering, (node) => this.#loseInVain(node, a)),
    // Code of an attempt that is over goes on and submits.
    (a, b) => {
      if (b % 3 === 0) this.#submitLate(a, b);
    },
    // What a confused shell might send, which must change nothing.
    (a) => this.#ignored(a, isShut, (scheduler, id) => scheduler.wait(id)),
    (a) => this.#ignored(a, isShut, (scheduler, id) => scheduler.unwait(id)),
    (a) => this.#ignored(a, isShut, (scheduler, id) => scheduler.attemptEnded(id, outcome(a, a))),
    (a) => this.#ignored(a, isShut, (scheduler, id) => scheduler.inputLost(id, 0)),
    (a) =>
      this.#ignored(
        a,
        ({ wakes }) => wakes === 0,
        (scheduler, id) => scheduler.woken(id),
      ),
    (a) =>
      this.#ignored(
        a,
        ({ hasEnded }) => !hasEnded,
        (scheduler, id) => scheduler.loaded(id, 10),
      ),
    (a) =>
      this.#ignored(
        a,
        ({ hasEnded, isAlive }) => !hasEnded || isAlive,
        (scheduler, id) => scheduler.recompute(id, []),
      ),
    (a) =>
      this.#ignored(
        a,
        (node) => !node.hasEnded || this.checked.needOf(node) > 0,
        (scheduler, id) => scheduler.forget(id),
      ),
  ];

  /** Does something to one of the nodes for which it makes sense. */
  #on(choice: number, when: (node: ShadowNode) => boolean, act: (node: ShadowNode) => void): void {
    this.#withOne(this.checked.nodes.filter(when), choice, act);
  }

  #withOne<T>(from: readonly T[], choice: number, act: (one: T) => void): void {
    const one = pick(from, choice);
    if (one !== undefined) act(one);
  }

  #ignored(
    choice: number,
    when: (node: ShadowNode) => boolean,
    send: (scheduler: Scheduler, id: number) => void,
  ): void {
    this.#on(choice, when, ({ id }) => this.checked.ignored((scheduler) => send(scheduler, id)));
  }

  #loseInVain(node: ShadowNode, choice: number): void {
    const there = node.inputs.filter(({ from, isData }) => isData && (from.isAlive || !from.hasEnded));
    this.#withOne(there, choice, ({ from }) => this.checked.inputLost(node, from));
  }

  #submitTask(a: number, b: number): void {
    const parent = pick(this.#bodies, a);
    if (parent === undefined) return;
    this.#submit({ ...this.#plain(parent, a, b), pool: b % this.checked.graph.pools.length });
  }

  #submitContainer(a: number, b: number): void {
    const parent = pick(this.#bodies, a);
    if (parent === undefined) return;
    this.#submit({ ...this.#plain(parent, a, b), pool: -1 });
  }

  #submitLate(a: number, b: number): void {
    const parent = pick(
      this.checked.nodes.filter((node) => !node.isOpen),
      a,
    );
    if (parent === undefined || (parent.isActive && parent.acceptsChildren)) return;
    this.#submit({ ...this.#plain(parent, a, b), pool: 0 });
  }

  #submit(submission: ShadowSubmission): void {
    if (this.#submitted >= MOST_NODES) return;
    this.#submitted += 1;
    this.checked.submit(submission);
  }

  #adopt(a: number, b: number): void {
    const parent = pick(this.#bodies, a);
    if (parent === undefined || this.#submitted >= MOST_NODES) return;
    this.#submitted += 1;
    const state = pick(['completed', 'completed', 'cached', 'skipped', 'failed'] as const, b) ?? 'completed';
    const submission = { ...this.#plain(parent, a, b), pool: b % this.checked.graph.pools.length };
    this.checked.adopt(submission, STATE_CODE[state], 1 + (a % 2));
  }

  #plain(parent: ShadowNode | undefined, a: number, b: number): ShadowSubmission {
    const upstream = this.#upstreamFor(parent, a, b);
    return {
      parent,
      pool: -1,
      rule: a % 3 === 0 ? b % TRIGGER_RULES.length : 0,
      priority: a % 5 === 0 ? (b % 3) - 1 : 0,
      depth: parent === undefined ? 0 : parent.depth + (b % 2),
      nameId: a % 3,
      declaredBytes: b % 4 === 0 ? bytesOf(a) : -1,
      consumes: upstream.filter((_, at) => at % 3 !== 2),
      after: upstream.filter((_, at) => at % 3 === 2),
      claims: this.#claims(a, b),
      attempts: a % 6 === 0 ? b % 3 : 0,
      handled: a % 4 === 0,
    };
  }

  /** A set of claims: mostly none, else one or two, of what there is. */
  #claims(a: number, b: number): number {
    const { resources } = this.checked.graph;
    if (resources.length === 0 || a % 4 !== 0) return 0;
    const count = 1 + (b % Math.min(resources.length, 2));
    return this.checked.claimSet(
      resources.slice(0, count).map(({ capacity }, resource) => ({
        resource,
        amount: 1 + ((a >> 2) % capacity),
      })),
    );
  }

  /** Up to four nodes that a new child of `parent` may need, without any waiting for itself. */
  #upstreamFor(parent: ShadowNode | undefined, a: number, b: number): ShadowNode[] {
    if (parent === undefined) return [];
    const possible = this.checked.nodes.filter((node) => !this.#reaches(node, parent));
    const count = a % 7 < 2 ? 0 : (a % 7) - 2;
    const chosen: ShadowNode[] = [];
    // Mostly recent ones; sometimes the same twice.
    for (let at = 0; at < count && possible.length > 0; at += 1) {
      const node = possible[possible.length - 1 - ((b + at * (1 + (a % 3))) % Math.min(possible.length, 6))];
      if (node !== undefined) chosen.push(node);
    }
    return chosen;
  }

  /** Can `from` end only after `to` has? */
  #reaches(from: ShadowNode, to: ShadowNode): boolean {
    const seen = new Set<ShadowNode>([from]);
    for (const node of seen) {
      if (node === to) return true;
      if (!node.hasEnded) for (const child of this.checked.childrenOf(node)) seen.add(child);
      for (const edge of node.inputs)
        if (!edge.from.hasEnded || edge.from.inputs.length > 0) seen.add(edge.from);
      for (const wait of this.#waits) if (wait.node === node && wait.on !== undefined) seen.add(wait.on);
    }
    return false;
  }

  #endAttempt(a: number, b: number): void {
    const node = pick(this.#bodies, a);
    // The flow itself ends only now and then, or every walk would be short.
    if (node === undefined || (node.parent === undefined && b % 16 !== 0)) return;
    if ((node.waits > 0 || node.isReacquiring) && b % 4 !== 0) return;
    this.checked.attemptEnded(node, outcome(a, b));
  }

  #waitFor(a: number, b: number): void {
    const node = pick(this.#bodies, a);
    if (node === undefined) return;
    const possible = this.checked.nodes.filter((other) => !this.#reaches(other, node));
    const children = possible.filter((other) => other.parent === node && !other.hasEnded);
    const on = b % 5 === 0 ? undefined : (pick(children, b) ?? pick(possible, b));
    this.#waits.push({ node, attempt: node.attempt, on });
    this.checked.wait(node);
  }

  /** Waits of attempts that still go on, whose object has ended. */
  #due(): Wait[] {
    this.#waits = this.#waits.filter(({ node, attempt }) => node.isOpen && node.attempt === attempt);
    return this.#waits.filter(({ on }) => on === undefined || on.hasEnded);
  }

  #unwait(wait: Wait): void {
    this.#waits = this.#waits.filter((one) => one !== wait);
    this.checked.unwait(wait.node);
  }

  /** The next input that a node lacks arrives, or turns out to be lost. */
  #gather(node: ShadowNode, choice: number): void {
    const lacking = node.inputs.find(({ from, isData }) => isData && from.hasSucceeded && !from.isAlive);
    if (lacking === undefined) {
      this.checked.gathered(node);
      return;
    }
    const { from } = lacking;
    if (choice % 3 === 0 || !this.#isRecomputable(from)) {
      this.checked.loaded(from, bytesOf(choice));
      return;
    }
    this.checked.inputLost(node, from);
    this.#recompute(from);
  }

  #load(node: ShadowNode, choice: number): void {
    this.checked.loaded(node, bytesOf(choice));
  }

  #recompute(node: ShadowNode): void {
    if (!node.hasEnded || node.isAlive || !this.#isRecomputable(node)) return;
    this.checked.recompute(
      node,
      node.inputs.filter(({ isData }) => isData).map(({ from }) => from),
    );
  }

  /** What it consumed is still known, and the flow run has not ended. */
  #isRecomputable(node: ShadowNode): boolean {
    const { nodes } = this.checked;
    return (
      node.parent !== undefined &&
      nodes[0]?.isActive === true &&
      node.inputs.every(({ from }) => nodes.includes(from))
    );
  }

  readonly #isAbsent = (node: ShadowNode): boolean =>
    node.hasSucceeded && !node.isAlive && this.checked.needOf(node) > 0;

  readonly #isForgettable = (node: ShadowNode): boolean =>
    node.hasSucceeded &&
    !node.isAlive &&
    isChild(node) &&
    this.checked.needOf(node) === 0 &&
    this.checked.childrenOf(node).length === 0 &&
    !this.#waits.some(({ on }) => on === node);

  get #bodies(): ShadowNode[] {
    return this.checked.nodes.filter(({ phase }) => phase === 'body');
  }
}

const isAny = (): boolean => true;
const isChild = ({ parent }: ShadowNode): boolean => parent !== undefined;
const isHeld = ({ holders }: ShadowNode): boolean => holders > 0;
const isGathering = ({ phase }: ShadowNode): boolean => phase === 'gathering';
const isShut = ({ isOpen }: ShadowNode): boolean => !isOpen;
