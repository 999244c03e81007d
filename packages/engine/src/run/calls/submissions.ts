import { STATE_CODE, type ReuseCode, type Scheduler, type Submission } from '@sidereal/core';
import type { CallerContext } from '../../context/caller-context.ts';
import type { CallSite } from '../../context/scope.ts';
import type { FlowDefinition, FlowOptions } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { previewArgs } from '../../results/preview.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { madeWithin, type Completions } from '../nodes/completion.ts';
import { DURABLE, SETTLED, UNTOLD } from '../nodes/node-flags.ts';
import type { Pools } from '../nodes/pools.ts';
import { ALL_SUCCESS, NONE_FAILED, type ResolvedOptions } from '../nodes/resolved-options.ts';
import { outcomeUnknown } from '../nodes/node-errors.ts';
import { resourcesExceeded } from '../nodes/resource-errors.ts';
import { RunNode } from '../nodes/run-node.ts';
import { StageContext } from '../nodes/stage-context.ts';
import type { Refusal } from '../nodes/work.ts';
import type { ChangedCode } from '../record/changed-code.ts';
import type { NameTable } from '../record/name-table.ts';
import type { ResumeIndex } from '../record/resume-index.ts';
import type { Declaration, RunRecord } from '../record/run-record.ts';
import type { CallIdentities, IdentifiedCall } from './call-identity.ts';
import { flowTooDeep } from './call-errors.ts';
import type { Call, CallInputs } from './call.ts';
import type { Captures } from './captures.ts';
import type { Given } from './given.ts';
import { isInDoubt, isRemade, type Doubtful, type Recall, type Recalled } from './recall.ts';
import type { Repeats } from './repeats.ts';
import { passingFields, stageOptions } from './stage-call.ts';

/** How deep stages may lie in one another: each keeps its body, its context and its pools. */
const DEEPEST_STAGE = 1000;

export interface SubmissionParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly names: NameTable;
  readonly code: ChangedCode;
  readonly identities: CallIdentities;
  readonly recall: Recall;
  readonly resume: ResumeIndex | undefined;
  readonly repeats: Repeats;
  readonly completions: Completions;
  readonly captures: Captures;
  readonly pools: Pools;
}

/** What a call of a task or stage adds. */
export interface CallDetails {
  readonly after: readonly RunNode[];
  readonly handled: boolean;
  /** The async context of the call. */
  readonly caller: CallerContext;
  readonly key?: string | undefined;
  readonly place?: number;
  readonly refusal?: Refusal | undefined;
  /** Inputs that were skipped are left out, instead of skipping the run. */
  readonly leavesOutSkipped?: boolean;
}

/** Turns calls into nodes: taken from what was done before, or submitted and declared. */
export class Submissions {
  readonly #loop: RunLoop;
  readonly #record: RunRecord;
  readonly #names: NameTable;
  readonly #code: ChangedCode;
  readonly #identities: CallIdentities;
  readonly #recall: Recall;
  readonly #resume: ResumeIndex | undefined;
  readonly #repeats: Repeats;
  readonly #completions: Completions;
  readonly #captures: Captures;
  readonly #pools: Pools;
  /** Names of which it has been said that their runs are never reused, or kept though their code has changed. */
  readonly #noted = { never_reused: new Set<number>(), code_changed: new Set<number>() };

  constructor(parts: SubmissionParts) {
    this.#loop = parts.loop;
    this.#record = parts.record;
    this.#names = parts.names;
    this.#code = parts.code;
    this.#identities = parts.identities;
    this.#recall = parts.recall;
    this.#resume = parts.resume;
    this.#repeats = parts.repeats;
    this.#completions = parts.completions;
    this.#captures = parts.captures;
    this.#pools = parts.pools;
  }

  task(
    scope: CodeScope,
    parent: RunNode,
    definition: TaskDefinition,
    given: Given,
    call: CallSite,
    details: CallDetails,
  ): RunNode {
    const options = scope.node.stage.optionsOf(definition, call);
    const { after, handled, caller, place, leavesOutSkipped } = details;
    // Written out: a spread would cost more than all the rest of it.
    return this.submit({
      after,
      handled,
      place,
      leavesOutSkipped,
      refusal:
        details.refusal ??
        shortageOf(definition, options, call) ??
        this.#uncloneable(scope, definition, given, options, call),
      scope,
      parent,
      kind: 'task',
      verb: 'task',
      name: definition.name,
      module: definition.module,
      inputs: { type: 'given', given },
      consumes: given.nodes,
      options,
      explicitKey: details.key ?? options.key,
      work: () => ({
        type: 'task',
        definition,
        inputs: given.captured,
        caller,
        leavesOutSkipped: leavesOutSkipped === true,
        calledAt: scope.isElsewhere ? call.at() : undefined,
      }),
      definition,
      at: call.at,
    });
  }

  stage(
    scope: CodeScope,
    parent: RunNode,
    definition: FlowDefinition,
    given: Given,
    call: CallSite,
    details: CallDetails,
  ): RunNode {
    if (scope.node.stage.depth >= DEEPEST_STAGE) throw flowTooDeep(definition.name, DEEPEST_STAGE, call.at());
    const options = stageOptions(definition, call);
    const passing = passingFields(definition, given.captured.args[0]);
    const context = (idx: number): StageContext =>
      new StageContext(idx, definition.name, withCall(definition, call), scope.node.stage, this.#pools);
    return this.submit({
      ...details,
      scope,
      parent,
      kind: 'stage',
      verb: 'stage',
      name: definition.name,
      module: definition.module,
      inputs: { type: 'given', given },
      consumes: given.nodes.filter((node) => !passing.has(node)),
      options,
      explicitKey: details.key ?? options.key,
      work: (idx) => ({
        type: 'flow',
        definition,
        inputs: given.captured,
        caller: details.caller,
        context: context(idx),
      }),
      definition,
      at: call.at,
    });
  }

  /** What cannot go to where the task executes is told at the call, with its line. */
  #uncloneable(
    { node }: CodeScope,
    definition: TaskDefinition,
    { captured }: Given,
    { on }: ResolvedOptions,
    { at }: CallSite,
  ): Refusal | undefined {
    if (captured.isPlain && !captured.needsPacking) return undefined;
    const error = this.#pools.refusal(node.stage.choiceFor(on), definition, captured.args, at);
    return error === undefined ? undefined : { reason: 'uncloneable_argument', error };
  }

  /** The node of a call: one of an earlier attempt if what it gave belongs to the call, else a new one. */
  submit(call: Call): RunNode {
    if (call.definition !== undefined) this.#code.use(call.definition);
    const identity = this.#identities.of(call);
    const recalled = this.#recall.of(call, identity);
    if (recalled.type === 'same') {
      madeWithin(call.parent, recalled.node.remade);
      return recalled.node;
    }
    const { idx, attempts } = recalled;
    const node = this.#nodeOf(call, identity, recalled);
    if (node.work.type === 'flow') this.#record.counters.addStage(idx, call.name, call.scope.node.stage.idx);
    const submission = this.#submission(call, node, attempts);
    if (recalled.type === 'reused') {
      const { state, attempt } = recalled.recorded;
      this.#record.adopted(node, state);
      this.#resume?.reuseWhole(idx);
      this.#loop.adopt(node, submission, state, attempt);
      const { code, reason } = recalled.decision;
      if (code === 'code_changed') this.#noteOnce(node, code, reason);
    } else if (isInDoubt(call, recalled)) {
      this.#failInDoubt(node, submission, recalled);
    } else {
      this.#begins(call, node, identity, recalled);
      this.#noteOnce(node, 'never_reused', identity.unstable ?? identity.hidden);
      this.#loop.submit(node, submission);
    }
    madeWithin(call.parent, node.remade);
    this.#repeats.remember(call.parent, node, call.definition);
    return node;
  }

  /** What the record is told of a node that runs, for the first time or again. */
  #begins(
    call: Call,
    node: RunNode,
    identity: IdentifiedCall,
    recalled: Exclude<Recalled, { type: 'same' | 'reused' }>,
  ): void {
    const { decision, attempts } = recalled;
    if (recalled.type === 'new') this.#record.declare(node, declarationOf(call, identity));
    if (isRemade(recalled)) {
      this.#record.madeAnew(node);
      this.#captures.made(node, node.remade);
    } else if (recalled.type !== 'new' && node.work.type === 'container')
      this.#captures.made(node, Number.POSITIVE_INFINITY);
    if (recalled.type === 'again') this.#record.repeated(node, recalled.state, attempts);
    else if (recalled.type === 'recorded') this.#record.restarted(node, recalled.recorded.state, attempts);
    if (decision !== undefined && SAID.has(decision.code))
      this.#record.note(node, { code: 'runs_again', message: decision.reason });
  }

  /** It fails without running: what it called stays as it is. */
  #failInDoubt(node: RunNode, submission: Submission, recalled: Doubtful): void {
    const { idx, attempts } = recalled;
    const isRepeated = recalled.type === 'again';
    const state = isRepeated ? recalled.state : recalled.recorded.state;
    this.#resume?.reuseWhole(idx);
    this.#loop.adopt(node, submission, STATE_CODE.failed, attempts);
    this.#record.failedInDoubt(node, state, attempts, isRepeated);
    if (isRemade(recalled)) this.#record.madeAnew(node);
  }

  /** What holds for all runs of a name is said of the first. */
  #noteOnce(node: RunNode, code: 'never_reused' | 'code_changed', message: string | undefined): void {
    if (message === undefined || this.#noted[code].has(node.nameId)) return;
    this.#noted[code].add(node.nameId);
    this.#record.note(node, { code, message });
  }

  #nodeOf(call: Call, identity: IdentifiedCall, recalled: Exclude<Recalled, { type: 'same' }>): RunNode {
    const { options, scope, place = -1 } = call;
    const { idx } = recalled;
    const nameId = this.#names.idOf(call.name, call.module, options.on ?? '', options.tags);
    const work = call.work(idx);
    const stage = work.type === 'flow' ? work.context : scope.node.stage;
    const isReused = recalled.type === 'reused';
    const doesNotRun = isReused || isInDoubt(call, recalled);
    const isUntold = identity.unstable !== undefined || identity.hidden !== undefined;
    const known = { idx, key: identity.keyHex, kind: call.kind, name: call.name, nameId };
    return new RunNode(known, { parent: call.parent, stage, options, at: place }, work, call.consumes, {
      flags: doesNotRun
        ? SETTLED | (isReused && recalled.recorded.isDurable ? DURABLE : 0)
        : isUntold
          ? UNTOLD
          : 0,
      error: isReused
        ? this.#resume?.errorOf(idx)
        : isInDoubt(call, recalled)
          ? outcomeUnknown(known, `in doubt, for ${recalled.decision.reason}`)
          : undefined,
      refusal: doesNotRun ? undefined : call.refusal,
      argumentDigest: identity.argumentDigest,
      completion: isReused ? recalled.recorded.endedUs : doesNotRun ? this.#completions.next() : 0,
      remade: this.#remade(recalled),
    });
  }

  /** Of a container it is known once that has ended. */
  #remade(recalled: Exclude<Recalled, { type: 'same' }>): number {
    if (isRemade(recalled)) return this.#completions.next();
    if (recalled.decision === undefined || recalled.type === 'new') return 0;
    return recalled.type === 'again' ? recalled.remade : recalled.recorded.madeUs;
  }

  /** `attempts`: how many it has had before. */
  #submission(call: Call, node: RunNode, attempts: number): Submission {
    const { options } = call;
    const { scheduler } = this.#loop;
    // One that needs more than there is waits for nothing, and fails at once.
    const isRefused = options.shortage !== undefined && node.refusal !== undefined;
    return {
      parent: call.parent.id,
      pool: node.work.type === 'task' ? node.stage.poolFor(node.work.definition, options) : -1,
      rule: ruleOf(call, isRefused),
      priority: options.priority ?? inherited(call.parent, scheduler),
      depth: Math.max(call.scope.depth, scheduler.depthOf(call.parent.id)),
      nameId: node.nameId,
      declaredBytes: isRefused ? 0 : options.memoryBytes,
      claims: isRefused ? 0 : options.claims,
      consumes: isRefused ? NO_NODES : idsOf(call.consumes),
      after: isRefused ? NO_NODES : idsOf(call.after),
      attempts,
      handled: call.handled,
    };
  }
}

function ruleOf({ options, leavesOutSkipped }: Call, isRefused: boolean): number {
  if (isRefused) return ALL_SUCCESS;
  return leavesOutSkipped === true && options.rule === ALL_SUCCESS ? NONE_FAILED : options.rule;
}

/** Priority of what a node calls, unless that says its own. */
function inherited({ id, work }: RunNode, { nodes }: Scheduler): number {
  const own = work.type === 'flow' ? work.context.priority : undefined;
  return own ?? nodes.priority[id] ?? 0;
}

/** A task that needs more than there is will never start. */
function shortageOf(
  { name }: TaskDefinition,
  { shortage }: ResolvedOptions,
  { at }: CallSite,
): Refusal | undefined {
  if (shortage === undefined) return undefined;
  return { reason: shortage.reason, error: resourcesExceeded(name, shortage, at()) };
}

/** Decisions that a person would ask about: a note of the node says why it runs again. */
const SAID: ReadonlySet<ReuseCode> = new Set([
  'untold',
  'other_arguments',
  'input_made_anew',
  'order_ran_again',
  'code_changed',
]);

const NO_DIGEST = new Uint8Array(0);

/** What the journal is told of a new node. */
function declarationOf(call: Call, { key, argumentDigest }: IdentifiedCall): Declaration {
  return {
    key,
    inputs: pictureOf(call.inputs),
    upstream: recordedNodes(call.consumes),
    after: recordedNodes(call.after),
    argumentDigest: argumentDigest ?? NO_DIGEST,
  };
}

function pictureOf(inputs: CallInputs): string {
  if (inputs.type === 'text') return '()';
  return previewArgs(inputs.given.shown, (value) =>
    value instanceof RunFuture ? `${value.node?.name ?? 'future'}[${value.node?.idx ?? '?'}]` : undefined,
  );
}

/** Options of a flow called with a priority or tags: those are its tasks' too, unless they say otherwise. */
function withCall({ options }: FlowDefinition, { overrides: { priority, tags } }: CallSite): FlowOptions {
  if (priority === undefined && tags === undefined) return options;
  return {
    ...options,
    ...(tags === undefined ? {} : { tags }),
    ...(priority === undefined ? {} : { taskDefaults: { ...options.taskDefaults, priority } }),
  };
}

const NO_NODES: readonly number[] = [];

function idsOf(nodes: readonly RunNode[]): readonly number[] {
  return nodes.length === 0 ? NO_NODES : nodes.map(({ id }) => id);
}

/** Journal numbers of nodes; a settled future stands for the run that it is about. */
function recordedNodes(nodes: readonly RunNode[]): readonly number[] {
  if (nodes.length === 0) return NO_NODES;
  const idxs: number[] = [];
  for (const { idx, upstream: about } of nodes) {
    if (idx >= 0) idxs.push(idx);
    else for (const node of about) if (node.idx >= 0) idxs.push(node.idx);
  }
  return idxs;
}
