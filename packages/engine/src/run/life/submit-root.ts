import { keyText } from '@sidereal/core';
import { callerContext } from '../../context/caller-context.ts';
import { keyDigest } from '../../data/digest.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import { identityOf } from '../../identity/definition-identity.ts';
import type { ModuleNames } from '../../identity/module-names.ts';
import { previewArgs } from '../../results/preview.ts';
import { resolveOptions } from '../nodes/resolved-options.ts';
import { RunNode } from '../nodes/run-node.ts';
import { StageContext } from '../nodes/stage-context.ts';
import type { ResumeIndex } from '../record/resume-index.ts';
import type { FlowRun } from './flow-run.ts';

export interface RootParts {
  readonly definition: FlowDefinition;
  readonly modules: ModuleNames;
  readonly resume: ResumeIndex | undefined;
  readonly input: unknown;
}

/** Submits the flow itself: the node that all others of the run lie in. */
export function submitRoot(run: FlowRun, { definition, modules, resume, input }: RootParts): RunNode {
  const { retries, timeout, persist } = definition.options;
  const options = resolveOptions({
    ...(retries === undefined ? {} : { retries }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(persist === undefined ? {} : { persist }),
  });
  const context = new StageContext(0, definition.name, definition.options, undefined, run.runners);
  run.record.counters.addStage(0, definition.name, -1);
  const key = keyDigest(`flow\n${identityOf(definition, modules).id}`);
  // What the flow was given is its own: it is recorded already.
  const site = { overrides: {}, after: [], at: () => definition.at };
  const { captured } = run.intake.take(input === undefined ? [] : [input], definition.name, site);
  const nameId = run.names.idOf(definition.name, definition.module, '', []);
  const idx = resume === undefined ? run.loop.nodes.nextIdx() : 0;
  const root = new RunNode(
    { idx, key: keyText(key), kind: 'flow', name: definition.name, nameId },
    { parent: undefined, stage: context, options },
    { type: 'flow', definition, inputs: captured, caller: callerContext(), context },
    [],
  );
  run.repeats.remember(undefined, root);
  const attempts = resume?.snapshot.nodes.attempts[0] ?? 0;
  if (resume === undefined) {
    const inputs = previewArgs(input === undefined ? [] : [input], () => undefined);
    run.record.declare(root, { key, inputs, upstream: [], after: [], argumentDigest: new Uint8Array(0) });
  } else {
    run.record.restarted(root, resume.snapshot.state, attempts);
  }
  run.loop.submit(root, {
    parent: -1,
    pool: -1,
    rule: options.rule,
    priority: 0,
    depth: 0,
    nameId,
    declaredBytes: -1,
    consumes: [],
    after: [],
    attempts,
    handled: true,
  });
  run.loop.scheduler.retain(root.id);
  return root;
}
