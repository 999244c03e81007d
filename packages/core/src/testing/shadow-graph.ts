import type { Claim } from '../scheduler/claims.ts';
import type { Submission } from '../scheduler/instructions.ts';
import type { MemoryClaim } from '../scheduler/value-memory.ts';
import { STATE_CODE, type StateCode } from '../states/state.ts';
import { TRIGGER_RULES, type TriggerDecision } from '../trigger-rule.ts';
import { ShadowNode, type ShadowEdge } from './shadow-node.ts';
import { hasRoom, hasSlot, mayGoAhead, type ShadowPool, type ShadowResource } from './shadow-pools.ts';
import { decisionSoFar } from './trigger-definitions.ts';

/** A submission by nodes instead of ids. */
export type ShadowSubmission = Omit<Submission, 'parent' | 'consumes' | 'after'> & {
  readonly parent: ShadowNode | undefined;
  readonly consumes: readonly ShadowNode[];
  readonly after: readonly ShadowNode[];
};

/**
 * The nodes that a test has submitted, and what follows from their states: found by looking at all of them, by
 * definition instead of by counting.
 */
export class ShadowGraph {
  readonly pools: ShadowPool[] = [];
  readonly resources: ShadowResource[] = [];
  /** What each set of claims is. */
  readonly claimSets: (readonly Claim[])[] = [[]];
  /** In order of submission, without the forgotten. */
  nodes: ShadowNode[] = [];
  readonly budget: number;
  readonly unknown: number;
  /** Some value of any size has been moved out of memory. */
  hasSpilled = false;
  /** It has been said that what is alive is beyond the headroom. */
  hasExceeded = false;
  readonly #byId = new Map<number, ShadowNode>();
  readonly #learned = new Map<number, number>();
  #seq = 0;

  constructor(budget: number, unknown: number) {
    this.budget = budget;
    this.unknown = unknown;
  }

  add(id: number, shadow: ShadowSubmission, submission: Submission): ShadowNode {
    if (this.#byId.has(id)) throw new Error(`id ${id} is given out twice`);
    const above = [...shadow.consumes, ...shadow.after].map(({ depth }) => depth + 1);
    const depth = Math.max(submission.depth, ...above);
    const node = new ShadowNode(id, this.#seq, shadow.parent, submission, depth);
    this.#seq += 1;
    this.nodes.push(node);
    this.#byId.set(id, node);
    return node;
  }

  connect(to: ShadowNode, consumes: readonly ShadowNode[], after: readonly ShadowNode[]): void {
    const edge = (from: ShadowNode, isData: boolean): ShadowEdge => {
      from.isHandled = true;
      return { from, to, isData, end: from.hasEnded ? from.end : undefined, isLost: false };
    };
    to.inputs = [...consumes.map((from) => edge(from, true)), ...after.map((from) => edge(from, false))];
  }

  /** Tells everything that waits for a node how it has ended. */
  tell(from: ShadowNode): void {
    for (const { inputs, hasEnded } of this.nodes) {
      if (hasEnded) continue;
      for (const edge of inputs) if (edge.from === from) edge.end ??= from.end;
    }
  }

  remove(node: ShadowNode): void {
    this.nodes = this.nodes.filter((one) => one !== node);
    this.#byId.delete(node.id);
  }

  byId(id: number): ShadowNode {
    const node = this.#byId.get(id);
    if (node === undefined) throw new Error(`nobody has the id ${id}`);
    return node;
  }

  childrenOf(parent: ShadowNode): ShadowNode[] {
    return this.nodes.filter((node) => node.parent === parent);
  }

  /** A child that has not ended. */
  openChildOf(parent: ShadowNode): ShadowNode | undefined {
    return this.nodes.find((node) => node.parent === parent && !node.hasEnded);
  }

  /** A node and all beneath it that has not ended must stop. */
  stop(node: ShadowNode): void {
    if (node.hasEnded || node.mustStop) return;
    node.mustStop = true;
    node.mustContinue = node.isReacquiring;
    node.isReacquiring = false;
    for (const child of this.childrenOf(node)) this.stop(child);
  }

  /** What its rule says of what it has been told, once inputs that were lost have ended again. */
  decisionOf({ inputs, submission }: ShadowNode): TriggerDecision {
    const ends = inputs.map(({ end }) => end).filter((end) => end !== undefined);
    const rule = TRIGGER_RULES[submission.rule] ?? 'all_success';
    const decision = decisionSoFar(rule, ends, inputs.length - ends.length);
    const isLacking = inputs.some(({ isLost, end }) => isLost && end === undefined);
    return decision === 'start' && isLacking ? 'wait' : decision;
  }

  /** Failures beneath it, in its present round, that nothing handles. */
  unhandledOf(parent: ShadowNode): number {
    let count = 0;
    for (const node of this.nodes) {
      if (node.parent !== parent || node.isHandled || node.roundOfParent !== parent.round) continue;
      if (node.hasFailed) count += 1;
    }
    return count;
  }

  /** The state that follows from how its attempt ended. */
  outcomeOf(node: ShadowNode): StateCode | undefined {
    if (node.phase !== 'done' || node.outcome === undefined) return undefined;
    const { type } = node.outcome;
    const failures = this.unhandledOf(node);
    if (node.mustStop && (type !== 'completed' || node.isContainer || failures > 0)) {
      return STATE_CODE.cancelled;
    }
    if (type === 'completed') return failures > 0 ? STATE_CODE.failed : STATE_CODE.completed;
    return type === 'retry' ? STATE_CODE.awaiting_retry : STATE_CODE[type];
  }

  // ---- slots ------------------------------------------------------------------------------------------

  takeSlot(node: ShadowNode): void {
    const { pool } = node.submission;
    if (node.hasSlot) throw new Error(`${node.name} got a second slot`);
    const isFull = mayGoAhead(node.id) ? !hasRoom(this.pools, pool) : !hasSlot(this.pools, pool);
    if (isFull) throw new Error(`${node.name} got a slot of pool ${pool}, which is full`);
    node.hasSlot = true;
    this.#use(pool, 1);
    for (const { resource, amount } of this.claimsOf(node)) {
      const found = this.resources[resource];
      if (found === undefined) throw new Error(`${node.name} needs resource ${resource}, which is not there`);
      found.used += amount;
      if (found.used > found.capacity) throw new Error(`${node.name} got too much of resource ${resource}`);
    }
  }

  claimsOf({ submission }: ShadowNode): readonly Claim[] {
    return this.claimSets[submission.claims ?? 0] ?? [];
  }

  freeSlot(node: ShadowNode): void {
    if (!node.hasSlot) return;
    node.hasSlot = false;
    this.#use(node.submission.pool, -1);
    for (const { resource, amount } of this.claimsOf(node)) {
      const found = this.resources[resource];
      if (found !== undefined) found.used -= amount;
    }
  }

  #use(pool: number, slots: number): void {
    for (let at = this.pools[pool]; at !== undefined; at = this.pools[at.parent]) at.used += slots;
  }

  // ---- memory -----------------------------------------------------------------------------------------

  /** Consumers that have not ended, and holders. */
  needOf(node: ShadowNode): number {
    let need = node.holders;
    for (const { inputs, hasEnded } of this.nodes) {
      if (hasEnded) continue;
      for (const edge of inputs) if (edge.from === node && edge.isData) need += 1;
    }
    return need;
  }

  get aliveBytes(): number {
    let bytes = 0;
    for (const node of this.nodes) if (node.isAlive) bytes += node.bytes;
    return bytes;
  }

  get reservedBytes(): number {
    let bytes = 0;
    for (const node of this.nodes) bytes += node.reserved;
    return bytes;
  }

  get loadingBytes(): number {
    let bytes = 0;
    for (const node of this.nodes) if (node.isLoading) bytes += node.bytes;
    return bytes;
  }

  get totalBytes(): number {
    return this.aliveBytes + this.reservedBytes + this.loadingBytes;
  }

  /** Within the budget, an excess is news again. */
  forgetExcess(): void {
    if (this.aliveBytes <= this.budget) this.hasExceeded = false;
  }

  /** A fifth beyond the budget. */
  get limit(): number {
    return this.budget * 1.2;
  }

  estimate({ submission }: ShadowNode): number {
    if (submission.declaredBytes >= 0) return submission.declaredBytes;
    return this.#learned.get(submission.nameId) ?? this.unknown;
  }

  /** What it is expected to make, and what it has to bring back for that. */
  need(node: ShadowNode): number {
    let bytes = this.estimate(node);
    if (this.hasSpilled) for (const from of this.absentInputs(node)) bytes += from.bytes;
    return bytes;
  }

  /** Values that it consumes and that nobody brings back yet; twice if it consumes them twice. */
  absentInputs({ inputs }: ShadowNode): ShadowNode[] {
    const producers = inputs.filter(({ isData }) => isData).map(({ from }) => from);
    return producers.filter((from) => from.hasSucceeded && !from.isAlive && !from.isLoading);
  }

  /** Of each value that nobody holds, a share for each consumer that has not ended. */
  #frees({ inputs }: ShadowNode): number {
    let bytes = 0;
    for (const { from, isData } of inputs)
      if (isData && from.isAlive && from.holders === 0) bytes += from.bytes / this.needOf(from);
    return bytes;
  }

  isUnknown({ submission: { declaredBytes, nameId } }: ShadowNode): boolean {
    return declaredBytes < 0 && !this.#learned.has(nameId);
  }

  memoryClaimOf(node: ShadowNode): MemoryClaim {
    const bytes = node.isReacquiring ? 0 : this.need(node);
    const isSmall = bytes <= Math.min(this.budget / 1024, 64 * 1024);
    const isFreeing = bytes <= this.#frees(node);
    if (bytes === 0 || (isSmall && isFreeing)) return { weight: 'none', bytes: 0 };
    if (isSmall || isFreeing) return { weight: 'light', bytes };
    return { weight: this.isUnknown(node) ? 'unknown' : 'heavy', bytes };
  }

  /** Quickly up, slowly down. */
  learn({ submission }: ShadowNode, bytes: number): void {
    const before = this.#learned.get(submission.nameId) ?? bytes;
    this.#learned.set(submission.nameId, Math.max(bytes, Math.ceil(before * 0.9 + bytes * 0.1)));
  }
}
