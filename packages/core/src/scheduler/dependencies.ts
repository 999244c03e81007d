import { STATE_CODE } from '../states/state.ts';
import { decideTrigger, TRIGGER_RULES, type TriggerDecision, type TriggerRule } from '../trigger-rule.ts';
import { EDGE_DATA, EDGE_FAILED, EDGE_LOST, EDGE_RESOLVED, EDGE_SKIPPED, type Edges } from './edges.ts';
import { LACKING, type NodeColumns } from './node-columns.ts';

/**
 * Who consumes or comes after whom, and what each has been told of how its upstream ended. A consumer keeps its
 * edges until it ends, for it may be retried; a producer keeps those out of it until it ends and has told.
 */
export class Dependencies {
  readonly edges: Edges;
  readonly #nodes: NodeColumns;

  constructor(nodes: NodeColumns, edges: Edges) {
    this.#nodes = nodes;
    this.edges = edges;
  }

  /** An edge; `data` is EDGE_DATA or 0. Counts at once if the producer has ended. */
  connect(from: number, to: number, data: number): void {
    const nodes = this.#nodes;
    const { edges } = this;
    const edge = edges.allocate();
    edges.from[edge] = from;
    edges.to[edge] = to;
    edges.flags[edge] = data;
    edges.nextIn[edge] = nodes.firstIn[to] ?? -1;
    nodes.firstIn[to] = edge;
    nodes.upstream[to] = (nodes.upstream[to] ?? 0) + 1;
    if (data !== 0) nodes.consumers[from] = (nodes.consumers[from] ?? 0) + 1;
    if (nodes.hasEnded(from)) this.#resolve(edge);
    else this.#awaitEnd(edge, from);
  }

  /** Forgets what a node has been told, and by whom; it has no edges. */
  reset(id: number): void {
    const nodes = this.#nodes;
    nodes.upstream[id] = 0;
    nodes.succeeded[id] = 0;
    nodes.failed[id] = 0;
    nodes.skipped[id] = 0;
  }

  /** What a node's trigger rule says so far; never to start while an input that was lost is not back. */
  decide(id: number): TriggerDecision {
    const nodes = this.#nodes;
    const total = nodes.upstream[id] ?? 0;
    const succeeded = nodes.succeeded[id] ?? 0;
    const isPlain = (nodes.rule[id] ?? 0) === ALL_SUCCESS && succeeded === total;
    const decision = isPlain
      ? 'start'
      : decideTrigger(this.ruleOf(id), {
          total,
          succeeded,
          failed: nodes.failed[id] ?? 0,
          skipped: nodes.skipped[id] ?? 0,
        });
    return decision === 'start' && this.#isLacking(id) ? 'wait' : decision;
  }

  ruleOf(id: number): TriggerRule {
    return TRIGGER_RULES[this.#nodes.rule[id] ?? 0] ?? 'all_success';
  }

  /** Tells all that waits for a node how it has ended; adds them to `told` in the order of their submission. */
  tell(id: number, told: number[]): void {
    const nodes = this.#nodes;
    const { edges } = this;
    let edge = nodes.firstOut[id] ?? -1;
    nodes.firstOut[id] = -1;
    const start = told.length;
    while (edge >= 0) {
      const next = edges.nextOut[edge] ?? -1;
      const to = edges.to[edge] ?? -1;
      if (to < 0) {
        edges.release(edge);
      } else {
        this.#resolve(edge);
        told.push(to);
      }
      edge = next;
    }
    // The list is last in, first out.
    for (let low = start, high = told.length - 1; low < high; low += 1, high -= 1) {
      const last = told[high] ?? -1;
      told[high] = told[low] ?? -1;
      told[low] = last;
    }
  }

  /**
   * A node needs its inputs no more. Resolved edges go, others are left for their producers to free. Calls
   * `released` for each producer of data.
   */
  release(id: number, released: (producer: number) => void): void {
    const nodes = this.#nodes;
    const { edges } = this;
    let edge = nodes.firstIn[id] ?? -1;
    nodes.firstIn[id] = -1;
    while (edge >= 0) {
      const next = edges.nextIn[edge] ?? -1;
      const flags = edges.flags[edge] ?? 0;
      const from = edges.from[edge] ?? -1;
      if ((flags & EDGE_DATA) !== 0) {
        nodes.consumers[from] = (nodes.consumers[from] ?? 1) - 1;
        released(from);
      }
      if ((flags & EDGE_RESOLVED) !== 0) edges.release(edge);
      else edges.to[edge] = -1;
      edge = next;
    }
  }

  /**
   * A producer's value is lost, or being computed again: whatever its rule says, the consumer does not start
   * before that producer ends. It has not been told of an earlier end any more.
   */
  lose(id: number, producer: number): void {
    const nodes = this.#nodes;
    const { edges } = this;
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      const flags = edges.flags[edge] ?? 0;
      if (edges.from[edge] !== producer || (flags & EDGE_DATA) === 0) continue;
      edges.flags[edge] = EDGE_DATA | EDGE_LOST;
      nodes.set(id, LACKING);
      if ((flags & EDGE_RESOLVED) === 0) continue;
      this.#tally(id, flags, -1);
      this.#awaitEnd(edge, producer);
    }
  }

  #awaitEnd(edge: number, from: number): void {
    const { firstOut } = this.#nodes;
    this.edges.nextOut[edge] = firstOut[from] ?? -1;
    firstOut[from] = edge;
  }

  /** Tells a consumer how an edge's producer ended. */
  #resolve(edge: number): void {
    const nodes = this.#nodes;
    const { edges } = this;
    const from = edges.from[edge] ?? -1;
    const isSkip = nodes.state[from] === STATE_CODE.skipped;
    const how = nodes.hasSucceeded(from) ? 0 : isSkip ? EDGE_SKIPPED : EDGE_FAILED;
    const flags = (edges.flags[edge] ?? 0) | EDGE_RESOLVED | how;
    edges.flags[edge] = flags;
    this.#tally(edges.to[edge] ?? -1, flags, 1);
  }

  #tally(to: number, flags: number, count: number): void {
    const { succeeded, failed, skipped } = this.#nodes;
    const counts = (flags & EDGE_FAILED) !== 0 ? failed : (flags & EDGE_SKIPPED) !== 0 ? skipped : succeeded;
    counts[to] = (counts[to] ?? 0) + count;
  }

  /** Is there an input that was lost and has not ended again? */
  #isLacking(id: number): boolean {
    const nodes = this.#nodes;
    if (!nodes.has(id, LACKING)) return false;
    const { edges } = this;
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      if (((edges.flags[edge] ?? 0) & (EDGE_LOST | EDGE_RESOLVED)) === EDGE_LOST) return true;
    }
    nodes.clear(id, LACKING);
    return false;
  }
}

const ALL_SUCCESS = TRIGGER_RULES.indexOf('all_success');
