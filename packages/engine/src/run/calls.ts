import {
  isActive,
  KEY_BYTES,
  keyText,
  STATE_CODE,
  stateOf,
  taskKey,
  type CanonicalContext,
  type NodeKind,
  type Submission,
} from '@sidereal/core';
import { registryKey } from '../ambient.ts';
import type { FlowDefinition, FlowOptions } from '../authoring/flow-definition.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import { previewArgs } from '../results/preview.ts';
import type { CallSite } from '../scope.ts';
import { bytesDigest, keyDigest } from './digest.ts';
import { asError } from './failure.ts';
import type { FlowRun } from './flow-run.ts';
import type { MainScope } from './main-scope.ts';
import { moduleId } from './module-id.ts';
import { findThenables, rejectionIn, RejectedInput, replaceThenables } from './resolve-deep.ts';
import { ALL_SUCCESS, type ResolvedOptions } from './resolved-options.ts';
import type { RecordedNode } from './resume-index.ts';
import { RunFuture } from './run-future.ts';
import {
  DURABLE,
  FRESH,
  INPUT_REJECTED,
  OUTCOME_UNKNOWN,
  OUTSTANDING,
  RunNode,
  SETTLED,
  type Work,
} from './run-node.ts';
import { duplicateName, flowEnded, foreignFuture, tooManyCalls } from './scope-errors.ts';
import { passingFields, stageOptions } from './stage-call.ts';
import { StageContext } from './stage-context.ts';

/** Plain calls that may be outstanding unless told otherwise: they cannot be pushed back as `map` can. */
export const MAX_OUTSTANDING = 2 ** 20 + 2 ** 16;

/** What a call is, before it has a node. */
export interface Call {
  readonly scope: MainScope;
  /** Node that it is a child of: the scope's own, or a map group's. */
  readonly parent: RunNode;
  readonly kind: NodeKind;
  readonly verb: string;
  readonly name: string;
  readonly module: string;
  /** Arguments as given, with futures inside. */
  readonly inputs: readonly unknown[];
  readonly consumes: readonly RunNode[];
  readonly after: readonly RunNode[];
  readonly options: ResolvedOptions;
  readonly explicitKey: string | undefined;
  readonly handled: boolean;
  /** Counts equal calls; the parent's. */
  readonly work: (idx: number) => Work;
  readonly definition: TaskDefinition | FlowDefinition | undefined;
}

const NONE: readonly RunNode[] = [];

/** Arguments whose plain promises have come. */
export interface Literals {
  readonly args: readonly unknown[];
  readonly nodes: readonly RunNode[];
  /** A {@link RejectedInput} is among them: the call is to fail. */
  readonly isRejected: boolean;
}

/** Turns calls into nodes: identity, reuse of what was recorded, submission, declaration. */
export class Calls {
  readonly #run: FlowRun;
  readonly #canonical: CanonicalContext = {
    futureKey: (value) => (value instanceof RunFuture ? value.node?.key : undefined),
    digestBytes: bytesDigest,
  };
  /** Definitions called in this run, by module and name; and those that have been looked at. */
  readonly #used = new Map<string, TaskDefinition | FlowDefinition>();
  readonly #checked = new WeakSet<TaskDefinition | FlowDefinition>();
  /** Plain calls that have been submitted and have not ended. */
  outstanding = 0;
  /** Those that wait for a plain promise before they can be submitted. */
  #late = 0;
  readonly #limit: number;

  constructor(run: FlowRun, limit: number) {
    this.#run = run;
    this.#limit = limit;
  }

  task(scope: MainScope, definition: TaskDefinition, args: readonly unknown[], call: CallSite): RunFuture {
    if (this.outstanding + this.#late >= this.#limit)
      throw tooManyCalls(definition.name, this.#limit, call.at());
    return this.#future(scope, definition, args, call, (inputs, consumes, after) => {
      const extra = { after, handled: false };
      const node = this.submitTask(scope, scope.node, definition, inputs, consumes, call, extra);
      if (!this.#run.scheduler.hasEnded(node.id)) {
        node.set(OUTSTANDING);
        this.outstanding += 1;
      }
      return node;
    });
  }

  stage(scope: MainScope, definition: FlowDefinition, input: unknown, call: CallSite): RunFuture {
    const inputs = input === undefined ? [] : [input];
    return this.#future(scope, definition, inputs, call, (resolved, consumes, after) =>
      this.submitStage(scope, scope.node, definition, resolved, consumes, call, { after, handled: false }),
    );
  }

  /** Nodes among futures in a value; its plain promises, and futures not yet submitted, go to `promises`. */
  inspect(
    value: unknown,
    what: string,
    call: CallSite,
  ): { readonly nodes: readonly RunNode[]; readonly promises: readonly PromiseLike<unknown>[] } {
    const nodes: RunNode[] = [];
    const promises: PromiseLike<unknown>[] = [];
    findThenables(value, (thenable) => {
      if (!(thenable instanceof RunFuture)) promises.push(thenable);
      else if (thenable.run !== this.#run) throw foreignFuture(what, call.at());
      else if (thenable.node === undefined) promises.push(thenable.submitted);
      else nodes.push(thenable.node);
    });
    // Sliced, because these lists live long and a list that grew by pushing keeps room for seventeen.
    const unique = nodes.length > 1 ? [...new Set(nodes)] : nodes;
    return { nodes: unique.length === 0 ? NONE : unique.slice(), promises };
  }

  submitTask(
    scope: MainScope,
    parent: RunNode,
    definition: TaskDefinition,
    args: readonly unknown[],
    consumes: readonly RunNode[],
    call: CallSite,
    extra: Readonly<{ after: readonly RunNode[]; handled: boolean; key?: string | undefined }>,
  ): RunNode {
    const options = scope.node.stage.optionsOf(definition, call.overrides);
    return this.submit({
      scope,
      parent,
      kind: 'task',
      verb: 'task',
      name: definition.name,
      module: definition.module,
      inputs: args,
      consumes,
      after: extra.after,
      options,
      explicitKey: extra.key ?? options.key,
      handled: extra.handled,
      work: () => ({ type: 'task', definition, args }),
      definition,
    });
  }

  submitStage(
    scope: MainScope,
    parent: RunNode,
    definition: FlowDefinition,
    inputs: readonly unknown[],
    consumes: readonly RunNode[],
    call: CallSite,
    extra: Readonly<{ after: readonly RunNode[]; handled: boolean; key?: string | undefined }>,
  ): RunNode {
    const options = stageOptions(definition, call);
    const passing = passingFields(definition, inputs[0]);
    const context = (idx: number): StageContext =>
      new StageContext(idx, definition.name, urgent(definition, call), scope.node.stage, this.#run.runners);
    return this.submit({
      scope,
      parent,
      kind: 'stage',
      verb: 'stage',
      name: definition.name,
      module: definition.module,
      inputs,
      consumes: consumes.filter((node) => !passing.has(node)),
      after: extra.after,
      options,
      explicitKey: extra.key ?? options.key,
      handled: extra.handled,
      work: (idx) => ({ type: 'flow', definition, input: inputs[0], context: context(idx) }),
      definition,
    });
  }

  /** What a task or stage consumes when it executes again: the same as when it was submitted. */
  consumedBy(node: RunNode): readonly RunNode[] {
    const { work } = node;
    if (work.type === 'container') return [];
    const call: CallSite = { overrides: {}, after: [], at: () => undefined };
    if (work.type === 'task') return this.inspect(work.args, node.name, call).nodes;
    const passing = passingFields(work.definition, work.input);
    return this.inspect(work.input, node.name, call).nodes.filter((input) => !passing.has(input));
  }

  /** The node of a call: a recorded one if its key is known and may be reused, else a new one. */
  submit(call: Call): RunNode {
    const run = this.#run;
    const { scope, parent, options } = call;
    this.#assertUnique(call);
    const key = taskKey(
      {
        parent: parent.key,
        verb: call.verb,
        module: call.module === '' ? '' : moduleId(call.module),
        name: call.name,
        explicit: call.explicitKey,
        inputs: call.inputs,
      },
      (parent.scope ?? scope).seen,
      keyDigest,
      this.#canonical,
    );
    const keyHex = keyText(key);
    const again = run.repeats.previous(parent, keyHex);
    // Groups are opened again: their code submits children, which are found by their own keys.
    const isGroup = call.kind !== 'task' && call.kind !== 'stage';
    if (again !== undefined && !isGroup && run.scheduler.hasSucceeded(again.id)) return again;
    const recorded = again === undefined ? run.resume?.find(key) : undefined;
    const idx = again?.idx ?? recorded?.idx ?? run.nextIdx();
    const nameId = run.nameId(call.name, call.module, call.definition, options.on, options.tags);
    const work = call.work(idx);
    const node = new RunNode(
      { idx, key: keyHex, kind: call.kind, name: call.name, nameId },
      { parent, stage: work.type === 'flow' ? work.context : scope.node.stage, options },
      work,
      call.consumes,
    );
    if (work.type === 'flow') run.counters.addStage(idx, call.name, scope.node.stage.idx);
    const attempts = again === undefined ? (recorded?.attempt ?? 0) : run.scheduler.attemptOf(again.id);
    const submission = this.#submission(call, node, attempts);
    if (recorded !== undefined && this.#mayReuse(call, recorded)) {
      this.#adopt(node, submission, recorded);
    } else {
      if (recorded === undefined && again === undefined) this.#declare(call, node, key);
      else if (again !== undefined) run.repeat(node, again);
      else run.restart(node, recorded?.state ?? STATE_CODE.pending, attempts);
      if (recorded?.isStrict === true && isUnderWay(recorded.state) && options.onUnknown === 'fail') {
        node.set(OUTCOME_UNKNOWN);
      }
      node.set(FRESH);
      run.adopted(node, run.scheduler.submit(submission));
    }
    run.repeats.remember(parent, node);
    run.pump();
    return node;
  }

  /** A future whose call waits, if it must, for the plain promises among its arguments. */
  #future(
    scope: MainScope,
    definition: TaskDefinition | FlowDefinition,
    args: readonly unknown[],
    call: CallSite,
    submit: (args: readonly unknown[], consumes: readonly RunNode[], after: readonly RunNode[]) => RunNode,
  ): RunFuture {
    const run = this.#run;
    const found = this.inspect(args, 'a call', call);
    const after = this.inspect(call.after, 'after', call);
    if (found.promises.length === 0 && after.promises.length === 0) {
      const node = submit(args, found.nodes, after.nodes);
      return run.holds.futureOf(scope, node);
    }
    const release = run.openCalls.hold(scope.node);
    this.#late += 1;
    const rule = this.ruleOf(scope, definition, call);
    const submitted = this.literals(args, call, rule)
      .then(async ({ args: literals, nodes, isRejected }) => {
        const ordered = await this.literals(call.after, call);
        // What it waited for has come too late.
        if (!scope.isOpen) throw flowEnded(definition.name, scope.node, undefined);
        const node = submit(literals, nodes, ordered.nodes);
        if (isRejected || ordered.isRejected) node.set(INPUT_REJECTED);
        return node;
      })
      .finally(() => {
        this.#late -= 1;
        release();
      });
    const future = new RunFuture(run, scope, submitted);
    submitted.then(
      (node) => run.holds.retain(future, scope, node),
      (error: unknown) => scope.callFailed(future, error),
    );
    return future;
  }

  /** Trigger rule of a call. */
  ruleOf(scope: MainScope, definition: TaskDefinition | FlowDefinition, call: CallSite): number {
    const isTask = definition.kind === 'task';
    return (isTask ? scope.node.stage.optionsOf(definition, call.overrides) : stageOptions(definition, call))
      .rule;
  }

  /**
   * Arguments with plain promises replaced by their values (settled under a tolerant rule) and late futures
   * submitted; and the nodes in them. A promise that rejects leaves a {@link RejectedInput} in its place.
   */
  async literals(args: readonly unknown[], call: CallSite, rule = ALL_SUCCESS): Promise<Literals> {
    const isTolerant = rule !== ALL_SUCCESS;
    const values = new Map<unknown, unknown>();
    const pending: Promise<void>[] = [];
    const rejected = (thenable: unknown, error: unknown): void => {
      values.set(
        thenable,
        isTolerant ? { state: 'failed', error: asError(error) } : new RejectedInput(error),
      );
    };
    const resolved = (thenable: unknown, value: unknown): void => {
      values.set(thenable, isTolerant ? { state: 'completed', value } : value);
    };
    findThenables(args, (thenable) => {
      if (!(thenable instanceof RunFuture)) {
        const literal = Promise.resolve(thenable);
        pending.push(
          literal.then(
            (value) => resolved(thenable, value),
            (error: unknown) => rejected(thenable, error),
          ),
        );
      } else if (thenable.node === undefined) {
        thenable.isHandled = true;
        pending.push(thenable.submitted.then(noop, (error: unknown) => rejected(thenable, error)));
      }
    });
    await Promise.all(pending);
    const literal = replaceThenables(args, (thenable) =>
      values.has(thenable) ? values.get(thenable) : thenable,
    ) as readonly unknown[];
    const found = this.inspect(literal, 'a call', call);
    // What a promise gave may hold promises, and futures that are late, in turn.
    if (found.promises.length > 0) return this.literals(literal, call, rule);
    return {
      args: literal,
      nodes: found.nodes,
      isRejected: !isTolerant && rejectionIn(literal) !== undefined,
    };
  }

  /** `attempts`: how many it has had before. */
  #submission(call: Call, node: RunNode, attempts: number): Submission {
    const { options } = call;
    const { scheduler } = this.#run;
    return {
      parent: call.parent.id,
      pool: call.kind === 'task' ? node.stage.poolOf(node.stage.choiceFor(options.on)) : -1,
      rule: options.rule,
      priority: options.priority,
      depth: Math.max(call.scope.depth, scheduler.depthOf(call.parent.id)),
      nameId: node.nameId,
      declaredBytes: options.memoryBytes,
      consumes: call.consumes.map(({ id }) => id),
      after: call.after.map(({ id }) => id),
      attempts,
      handled: call.handled,
    };
  }

  #mayReuse(call: Call, recorded: RecordedNode): boolean {
    if (!recorded.isReusable) return false;
    if (call.kind !== 'task' && call.kind !== 'stage') return false;
    const { resume } = this.#run;
    if (resume === undefined) return false;
    if (this.#run.hasChangedCode(call.definition) && resume.rules.rerunChanged) return false;
    if (!resume.rules.retryFailed && resume.rules.from.length === 0 && !resume.rules.rerunChanged)
      return true;
    return !call.consumes.some((node) => node.has(FRESH)) && !call.after.some((node) => node.has(FRESH));
  }

  #adopt(node: RunNode, submission: Submission, recorded: RecordedNode): void {
    const run = this.#run;
    if (recorded.isDurable) node.set(DURABLE);
    node.error = run.resume?.errorOf(recorded.idx);
    run.adopted(node, run.scheduler.adopt(submission, recorded.state, recorded.attempt));
    if (node.kind === 'stage') {
      run.resume?.reuseWhole(recorded.idx);
      run.counters.enterStage(node.idx, recorded.state, Date.now());
    }
    node.set(SETTLED);
    node.state = recorded.state;
    if (node.kind === 'task') run.counters.enter(node.stage.idx, -1, recorded.state);
  }

  #declare(call: Call, node: RunNode, key: Uint8Array): void {
    const run = this.#run;
    const group = call.parent.kind === 'flow' || call.parent.kind === 'stage' ? -1 : call.parent.idx;
    const flags = (call.options.strict ? 1 : 0) | (call.options.persist ? 2 : 0);
    const inputs = previewArgs(call.inputs, (value) =>
      value instanceof RunFuture ? `${value.node?.name ?? 'future'}[${value.node?.idx ?? '?'}]` : undefined,
    );
    const upstream = recordedUpstream(call.consumes);
    run.recorder.records.declare({
      idx: node.idx,
      key: key.length === KEY_BYTES ? key : key.subarray(0, KEY_BYTES),
      parent: call.parent.idx,
      group,
      stage: call.scope.node.stage.idx,
      kind: node.kind,
      nameId: node.nameId,
      timeUs: run.recorder.now(),
      flags,
      upstream,
      after: recordedUpstream(call.after),
      inputs,
    });
    run.recorder.touch();
    if (node.kind === 'task') run.counters.enter(node.stage.idx, -1, STATE_CODE.pending);
  }

  /** Two definitions of one name in one module cannot be told apart by key. */
  #assertUnique(call: Call): void {
    const { definition } = call;
    if (definition === undefined || this.#checked.has(definition)) return;
    this.#checked.add(definition);
    const id = registryKey(definition.module, definition.name);
    const used = this.#used.get(id);
    if (used === undefined) this.#used.set(id, definition);
    else if (used.at !== definition.at) throw duplicateName(definition, used);
  }
}

/** Options of a flow called with a priority: that is one of its tasks, unless they say otherwise. */
function urgent({ options }: FlowDefinition, { overrides: { priority } }: CallSite): FlowOptions {
  return priority === undefined
    ? options
    : { ...options, taskDefaults: { ...options.taskDefaults, priority } };
}

/** Journal numbers of what a call consumes; a settled future stands for the run that it is about. */
function recordedUpstream(consumes: readonly RunNode[]): number[] {
  const upstream: number[] = [];
  for (const { idx, upstream: about } of consumes) {
    if (idx >= 0) upstream.push(idx);
    else for (const node of about) if (node.idx >= 0) upstream.push(node.idx);
  }
  return upstream;
}

const noop = (): void => undefined;

function isUnderWay(state: number): boolean {
  return isActive(stateOf(state));
}
