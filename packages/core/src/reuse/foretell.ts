/**
 * What an execution of a run by some rules would do with each node of its record: the same function decides that
 * decides in the execution. It is exact for code that has not changed and whose tasks, run again, return equal values;
 * otherwise what the new values call comes on top of it.
 */
import { NODE_FLAG } from '../journal/codes/node-flag.ts';
import { NODE_KIND_CODE } from '../journal/codes/node-kind.ts';
import type { RunSnapshot } from '../journal/journal-store.ts';
import { nodesAt } from '../journal/elements/node-list.ts';
import { FIRST_ENDED, STATE_CODE } from '../states/state.ts';
import { BENEATH_KEPT, decideContents, decideReuse, isMadeAnew, type ReuseDecision } from './decide-reuse.ts';
import { DEMAND, demandsOf, type Demand } from './demands.ts';
import { makingsOf, type Making } from './makings.ts';
import { passedOn } from './passed-on.ts';
import type { ReuseRules } from './reuse-rules.ts';

/** Of the record, what foretelling needs. */
export type ForetellingSource = Pick<RunSnapshot, 'nodes' | 'names' | 'keyed'>;

export interface Foretelling {
  /** Of each node by its number; undefined for one that the last execution which completed did not call. */
  readonly decisions: readonly (ReuseDecision | undefined)[];
  /** Something runs: what it gives may have more called than the record knows of. */
  readonly isAtLeast: boolean;
}

/** `changeIn`: what has changed in the code of a task or stage since it ended, in words; without it nothing has. */
export function foretell(
  run: ForetellingSource,
  rules: ReuseRules,
  changeIn: (idx: number) => string | undefined = () => undefined,
): Foretelling {
  const oracle = new Oracle(run, rules, changeIn);
  // A container may be made anew by children that were declared after its consumers.
  while (oracle.pass());
  return { decisions: oracle.decisions, isAtLeast: oracle.runsAnything };
}

const CONTAINERS: ReadonlySet<number> = new Set([
  NODE_KIND_CODE.map,
  NODE_KIND_CODE.reduce,
  NODE_KIND_CODE.loop,
  NODE_KIND_CODE.cycle,
  NODE_KIND_CODE.group,
]);

class Oracle {
  readonly decisions: (ReuseDecision | undefined)[];
  readonly #run: ForetellingSource;
  readonly #rules: ReuseRules;
  readonly #changeIn: (idx: number) => string | undefined;
  readonly #demands: Uint8Array;
  readonly #makings: ReadonlyMap<number, Making>;
  /** When each was made anew; infinity: it will be. */
  readonly #madeUs: Float64Array;
  /** Of a container, a child that makes it anew. */
  readonly #cause = new Map<number, number>();
  readonly #names: ReadonlyMap<number, string>;
  /** Of a stage, and of a task that calls tasks, what its nodes consume from outside of it. */
  readonly #passedOn: ReadonlyMap<number, readonly number[]>;
  #hasChanged = false;

  constructor(run: ForetellingSource, rules: ReuseRules, changeIn: (idx: number) => string | undefined) {
    this.#run = run;
    this.#rules = rules;
    this.#changeIn = changeIn;
    this.#demands = demandsOf(run, rules);
    this.#makings = makingsOf(run.keyed);
    this.#names = new Map(run.names.map(({ id, name }) => [id, name]));
    this.#passedOn = passedOn(run.nodes);
    const { count } = run.nodes;
    this.decisions = Array.from<ReuseDecision | undefined>({ length: count });
    this.#madeUs = new Float64Array(count);
    for (const [idx, { madeUs }] of this.#makings) this.#madeUs[idx] = madeUs;
  }

  /** Does anything run that gives a value, or does the flow's code go beyond where it came to? */
  get runsAnything(): boolean {
    const { states } = this.#run.nodes;
    const goesOn = this.decisions[0]?.decision === 'again' && states[0] !== STATE_CODE.completed;
    const runs = (idx: number): boolean => idx > 0 && !this.#isContainer(idx);
    return goesOn || this.decisions.some((decision, idx) => runs(idx) && decision?.decision === 'again');
  }

  /** Looks at every node once, parents before their children; true if anything is other than it was. */
  pass(): boolean {
    this.#hasChanged = false;
    const { nodes } = this.#run;
    for (let idx = 0; idx < nodes.count; idx += 1) {
      if (idx > 0 && nodes.states[idx] === STATE_CODE.removed) continue;
      const decision = this.#decide(idx);
      this.#hasChanged ||= decision.code !== this.decisions[idx]?.code;
      this.decisions[idx] = decision;
    }
    return this.#hasChanged;
  }

  #decide(idx: number): ReuseDecision {
    const { nodes } = this.#run;
    const parent = nodes.parents[idx] ?? -1;
    if (idx > 0 && !this.#isOpened(parent)) return BENEATH_KEPT;
    if (this.#isContainer(idx)) return this.#decideContainer(idx);
    const decision = idx === 0 ? this.#decideRun() : this.#decideLeaf(idx);
    if (isMadeAnew(decision) && this.#hadEnded(idx)) this.#makeAnew(idx, Number.POSITIVE_INFINITY);
    this.#makeAnewAround(idx, parent);
    return decision;
  }

  /** Does the code of this node run, so that it calls its children? */
  #isOpened(idx: number): boolean {
    const decision = this.decisions[idx];
    return this.#isContainer(idx) ? decision !== BENEATH_KEPT : decision?.decision === 'again';
  }

  /** The flow's code runs, unless it has completed and nothing is asked for but to go on with it. */
  #decideRun(): ReuseDecision {
    const state = this.#run.nodes.states[0] ?? STATE_CODE.pending;
    const { retryFailed, from, tasks, rerunChanged, all } = this.#rules;
    const isResume = !retryFailed && !rerunChanged && !all && from.length === 0 && tasks.length === 0;
    return this.#ask(0, state, isResume && state === STATE_CODE.completed ? DEMAND.none : DEMAND.around);
  }

  #decideLeaf(idx: number): ReuseDecision {
    return this.#ask(idx, this.#run.nodes.states[idx] ?? STATE_CODE.pending, this.#demandOf(idx));
  }

  #ask(idx: number, state: number, demand: Demand): ReuseDecision {
    const { nodes } = this.#run;
    const flags = nodes.flags[idx] ?? 0;
    const isUntold = (flags & NODE_FLAG.neverReused) !== 0;
    return decideReuse({
      state,
      attempts: nodes.attempts[idx] ?? 0,
      isStrict: (flags & NODE_FLAG.strict) !== 0,
      occasion: { type: 'execution', rules: this.#rules, demand },
      hasSameArguments: true,
      untold: isUntold ? 'its task or its arguments cannot be told from others' : undefined,
      madeSince:
        this.#madeSince(nodesAt(nodes.upstream, idx), idx) ??
        this.#madeSince(this.#passedOn.get(idx) ?? [], idx),
      endedSince: this.#madeSince(nodesAt(nodes.after, idx), idx),
      changed: state < FIRST_ENDED ? undefined : this.#changeIn(idx),
    });
  }

  #decideContainer(idx: number): ReuseDecision {
    const contents = this.#makings.get(idx)?.contents;
    const areTold = contents !== undefined && contents !== '';
    // What cannot be told from others counts as new each time.
    const areSame = areTold || !this.#hadEnded(idx) || this.#run.nodes.kinds[idx] === NODE_KIND_CODE.cycle;
    if (!areSame) this.#makeAnew(idx, Number.POSITIVE_INFINITY);
    this.#makeAnewAround(idx, this.#run.nodes.parents[idx] ?? -1);
    const cause = this.#cause.get(idx);
    return decideContents({ areSame, madeSince: cause === undefined ? undefined : this.#nameOf(cause) });
  }

  /** Containers around it are as new as it is. */
  #makeAnewAround(idx: number, parent: number): void {
    const madeUs = this.#madeUs[idx] ?? 0;
    for (let up = parent; this.#isContainer(up) && (this.#madeUs[up] ?? 0) < madeUs;) {
      this.#makeAnew(up, madeUs);
      if (madeUs === Number.POSITIVE_INFINITY) this.#cause.set(up, idx);
      up = this.#run.nodes.parents[up] ?? -1;
    }
  }

  #makeAnew(idx: number, madeUs: number): void {
    if ((this.#madeUs[idx] ?? 0) >= madeUs) return;
    this.#madeUs[idx] = madeUs;
    this.#hasChanged = true;
  }

  #madeSince(inputs: Iterable<number>, idx: number): string | undefined {
    const endedUs = this.#run.nodes.endedUs[idx] ?? Number.NaN;
    for (const input of inputs) if ((this.#madeUs[input] ?? 0) > endedUs) return this.#nameOf(input);
    return undefined;
  }

  #hadEnded(idx: number): boolean {
    return (this.#run.nodes.states[idx] ?? STATE_CODE.pending) >= FIRST_ENDED;
  }

  #demandOf(idx: number): Demand {
    const demand = this.#demands[idx];
    return demand === DEMAND.asked || demand === DEMAND.around ? demand : DEMAND.none;
  }

  #isContainer(idx: number): boolean {
    return CONTAINERS.has(this.#run.nodes.kinds[idx] ?? -1);
  }

  #nameOf(idx: number): string {
    return this.#names.get(this.#run.nodes.nameIds[idx] ?? -1) ?? `node ${idx}`;
  }
}
