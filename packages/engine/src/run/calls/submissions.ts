import {
  canonicalInputs,
  isActive,
  keyText,
  stateOf,
  taskKey,
  type CanonicalContext,
  type Submission,
} from '@sidereal/core';
import type { FlowDefinition, FlowOptions } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { previewArgs } from '../../results/preview.ts';
import type { CallSite } from '../../context/scope.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { DURABLE, FRESH, SETTLED } from '../nodes/node-flags.ts';
import type { Pools } from '../nodes/pools.ts';
import { RunNode } from '../nodes/run-node.ts';
import { StageContext } from '../nodes/stage-context.ts';
import type { Refusal } from '../nodes/work.ts';
import { bytesDigest, keyDigest, textDigest } from '../../data/digest.ts';
import { moduleId } from '../record/module-id.ts';
import type { NameTable } from '../record/name-table.ts';
import type { RecordedNode, ResumeIndex } from '../record/resume-index.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Call } from './call.ts';
import { DefinitionsUsed } from './definitions-used.ts';
import type { Repeats } from './repeats.ts';
import { passingFields, stageOptions } from './stage-call.ts';

export interface SubmissionParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly names: NameTable;
  readonly resume: ResumeIndex | undefined;
  readonly repeats: Repeats;
  readonly pools: Pools;
}

/** What a call of a task or stage adds. */
export interface CallDetails {
  readonly after: readonly RunNode[];
  readonly handled: boolean;
  readonly key?: string | undefined;
  readonly at?: number;
  readonly refusal?: Refusal | undefined;
}

/** Turns calls into nodes: identity, reuse of what was recorded, submission, declaration. */
export class Submissions {
  readonly #loop: RunLoop;
  readonly #record: RunRecord;
  readonly #names: NameTable;
  readonly #resume: ResumeIndex | undefined;
  readonly #repeats: Repeats;
  readonly #pools: Pools;
  readonly #used = new DefinitionsUsed();
  readonly #canonical: CanonicalContext = {
    futureKey: (value) => (value instanceof RunFuture ? value.node?.key : undefined),
    digestBytes: bytesDigest,
    digestText: textDigest,
  };

  constructor(parts: SubmissionParts) {
    this.#loop = parts.loop;
    this.#record = parts.record;
    this.#names = parts.names;
    this.#resume = parts.resume;
    this.#repeats = parts.repeats;
    this.#pools = parts.pools;
  }

  task(
    scope: CodeScope,
    parent: RunNode,
    definition: TaskDefinition,
    args: readonly unknown[],
    consumes: readonly RunNode[],
    call: CallSite,
    details: CallDetails,
  ): RunNode {
    const options = scope.node.stage.optionsOf(definition, call.overrides);
    return this.submit({
      ...details,
      scope,
      parent,
      kind: 'task',
      verb: 'task',
      name: definition.name,
      module: definition.module,
      inputs: args,
      consumes,
      options,
      explicitKey: details.key ?? options.key,
      work: () => ({ type: 'task', definition, args }),
      definition,
    });
  }

  stage(
    scope: CodeScope,
    parent: RunNode,
    definition: FlowDefinition,
    inputs: readonly unknown[],
    consumes: readonly RunNode[],
    call: CallSite,
    details: CallDetails,
  ): RunNode {
    const options = stageOptions(definition, call);
    const passing = passingFields(definition, inputs[0]);
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
      inputs,
      consumes: consumes.filter((node) => !passing.has(node)),
      options,
      explicitKey: details.key ?? options.key,
      work: (idx) => ({ type: 'flow', definition, input: inputs[0], context: context(idx) }),
      definition,
    });
  }

  /** The node of a call: a recorded one if its key is known and may be reused, else a new one. */
  submit(call: Call): RunNode {
    const { parent, options } = call;
    if (call.definition !== undefined) this.#used.add(call.definition);
    const key = this.#keyOf(call);
    const keyHex = keyText(key);
    const again = this.#repeats.previous(parent, keyHex);
    // Groups are opened again: their code submits children, which are found by their own keys.
    const isGroup = call.kind !== 'task' && call.kind !== 'stage';
    if (again !== undefined && !isGroup && this.#loop.scheduler.hasSucceeded(again.id)) return again;
    const recorded = again === undefined ? this.#resume?.find(key) : undefined;
    const idx = again?.idx ?? recorded?.idx ?? this.#loop.nodes.nextIdx();
    const nameId = this.#names.idOf(call.name, call.module, call.definition, options.on ?? '', options.tags);
    const reused = recorded !== undefined && this.#mayReuse(call, recorded) ? recorded : undefined;
    const node = this.#nodeOf(
      call,
      { idx, key: keyHex, kind: call.kind, name: call.name, nameId },
      recorded,
      reused,
    );
    if (node.work.type === 'flow') this.#record.counters.addStage(idx, call.name, call.scope.node.stage.idx);
    const attempts =
      again === undefined ? (recorded?.attempt ?? 0) : this.#loop.scheduler.attemptOf(again.id);
    const submission = this.#submission(call, node, attempts);
    if (reused !== undefined) {
      this.#record.adopted(node, reused.state);
      if (node.kind === 'stage') this.#resume?.reuseWhole(reused.idx);
      this.#loop.adopt(node, submission, reused.state, reused.attempt);
    } else {
      if (again !== undefined) this.#record.repeated(node, this.#loop.scheduler.stateOf(again.id), attempts);
      else if (recorded !== undefined) this.#record.restarted(node, recorded.state, attempts);
      else this.#record.declare(node, declarationOf(call, key));
      node.set(FRESH);
      this.#loop.submit(node, submission);
    }
    this.#repeats.remember(parent, node);
    return node;
  }

  #keyOf(call: Call): Uint8Array {
    const { key } = taskKey(
      {
        parent: call.parent.key,
        verb: call.verb,
        module: call.module === '' ? '' : moduleId(call.module),
        name: call.name,
        explicit: call.explicitKey,
        inputs: canonicalInputs(call.inputs, this.#canonical),
      },
      call.scope.seen,
      keyDigest,
    );
    return key;
  }

  #nodeOf(
    call: Call,
    identity: ConstructorParameters<typeof RunNode>[0],
    recorded: RecordedNode | undefined,
    reused: RecordedNode | undefined,
  ): RunNode {
    const { options, scope, at = -1 } = call;
    const work = call.work(identity.idx);
    const isUnknown =
      reused === undefined &&
      recorded?.isStrict === true &&
      isActive(stateOf(recorded.state)) &&
      options.onUnknown === 'fail';
    const refusal: Refusal | undefined = isUnknown ? { reason: 'outcome_unknown' } : call.refusal;
    return new RunNode(
      identity,
      { parent: call.parent, stage: work.type === 'flow' ? work.context : scope.node.stage, options, at },
      work,
      call.consumes,
      reused === undefined
        ? { refusal }
        : {
            flags: SETTLED | (reused.isDurable ? DURABLE : 0),
            error: this.#resume?.errorOf(reused.idx),
          },
    );
  }

  /** `attempts`: how many it has had before. */
  #submission(call: Call, node: RunNode, attempts: number): Submission {
    const { options } = call;
    const { scheduler } = this.#loop;
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
    if (this.#resume === undefined) return false;
    const { rules } = this.#resume;
    const hasChanged = call.definition !== undefined && this.#names.hasChanged(call.definition);
    if (hasChanged && rules.rerunChanged) return false;
    if (!rules.retryFailed && rules.from.length === 0 && !rules.rerunChanged) return true;
    return !call.consumes.some((node) => node.has(FRESH)) && !call.after.some((node) => node.has(FRESH));
  }
}

/** What the journal is told of a new node. */
function declarationOf(call: Call, key: Uint8Array): Parameters<RunRecord['declare']>[1] {
  const inputs = previewArgs(call.inputs, (value) =>
    value instanceof RunFuture ? `${value.node?.name ?? 'future'}[${value.node?.idx ?? '?'}]` : undefined,
  );
  return { key, inputs, upstream: recordedNodes(call.consumes), after: recordedNodes(call.after) };
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

/** Journal numbers of nodes; a settled future stands for the run that it is about. */
function recordedNodes(nodes: readonly RunNode[]): number[] {
  const idxs: number[] = [];
  for (const { idx, upstream: about } of nodes) {
    if (idx >= 0) idxs.push(idx);
    else for (const node of about) if (node.idx >= 0) idxs.push(node.idx);
  }
  return idxs;
}
