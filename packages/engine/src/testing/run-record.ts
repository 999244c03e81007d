import type { EntryKind, NodeKind } from '@sidereal/core';
import type { Entry, NodeStory, NodeSummary } from '@sidereal/store';

/** What the store holds of one run, in the words of tests. */
export class RunRecord {
  readonly nodes: readonly NodeSummary[];
  readonly #stories: readonly NodeStory[];

  constructor(nodes: readonly NodeSummary[], stories: readonly NodeStory[]) {
    this.nodes = nodes;
    this.#stories = stories;
  }

  /** A node by its number, or the only one of this name (and kind). */
  node(which: number | string, kind?: NodeKind): NodeSummary {
    const found =
      typeof which === 'number' ? this.nodes.filter(({ idx }) => idx === which) : this.named(which, kind);
    const [node] = found;
    if (node === undefined || found.length > 1) throw new Error(`${found.length} nodes are '${which}'`);
    return node;
  }

  named(name: string, kind?: NodeKind): readonly NodeSummary[] {
    return this.nodes.filter((node) => node.name === name && (kind === undefined || node.kind === kind));
  }

  /** States of the nodes of a name, in the order of their submission. */
  states(name: string, kind: NodeKind = 'task'): readonly string[] {
    return this.named(name, kind).map(({ state }) => state);
  }

  /** How many nodes of a name are in each state. */
  tally(name: string, kind: NodeKind = 'task'): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const state of this.states(name, kind)) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  story(which: number | string, kind?: NodeKind): NodeStory {
    const { idx } = this.node(which, kind);
    const story = this.#stories[idx];
    if (story === undefined) throw new Error(`no story of node ${idx}`);
    return story;
  }

  /** Every state that a node was in, in order. */
  path(which: number | string, kind?: NodeKind): readonly string[] {
    return this.story(which, kind).transitions.map(({ state }) => state);
  }

  /** Names of the nodes that a node consumes. */
  upstream(which: number | string, kind?: NodeKind): readonly string[] {
    return this.story(which, kind).upstream.map((idx) => this.node(idx).name);
  }

  /** Bodies of a node's entries of a kind, in order. */
  entries(which: number | string, kind: EntryKind): readonly Readonly<Record<string, unknown>>[] {
    return this.story(which)
      .entries.filter((entry: Entry) => entry.kind === kind)
      .map(({ body }) => bodyOf(body));
  }

  /** The names from a node up to the flow run. */
  lineage(which: number | string, kind?: NodeKind): readonly string[] {
    const names: string[] = [];
    for (let at = this.node(which, kind).idx; at >= 0; at = this.node(at).parent)
      names.push(this.node(at).name);
    return names;
  }
}

function bodyOf(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}
