import { keyText, taskKey } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { keyDigest } from '../../data/digest.ts';
import { argumentDigest } from '../../data/value-identity.ts';
import { identityOf, type DefinitionIdentity } from '../../identity/definition-identity.ts';
import type { ModuleNames } from '../../identity/module-names.ts';
import { UsedDefinitions } from '../../identity/used-definitions.ts';
import { UNTOLD } from '../nodes/node-flags.ts';
import { duplicateKey, duplicateName, unkeyable } from './call-errors.ts';
import type { Call } from './call.ts';
import type { Intake } from './given.ts';

/** What tells a call from every other of its run. */
export interface IdentifiedCall {
  readonly key: Uint8Array;
  readonly keyHex: string;
  /** Why its definition cannot be told from others; undefined if it can. */
  readonly unstable: string | undefined;
  /** What hides state among its arguments; undefined if nothing does. */
  readonly hidden: string | undefined;
  /** Digest of its real arguments, if the author's key stands for them. */
  readonly argumentDigest: Uint8Array | undefined;
}

/** Gives calls their identities. */
export class CallIdentities {
  readonly #intake: Intake;
  readonly #modules: ModuleNames;
  readonly #used = new UsedDefinitions();

  constructor(parts: Readonly<{ intake: Intake; modules: ModuleNames }>) {
    this.#intake = parts.intake;
    this.#modules = parts.modules;
  }

  /** Throws `DUPLICATE_NAME`, `DUPLICATE_KEY`, and `UNKEYABLE` for a strict task that cannot be told from others. */
  of(call: Call): IdentifiedCall {
    const { definition, inputs, explicitKey, scope } = call;
    const told = definition === undefined ? undefined : this.#told(definition);
    // The author's own key tells a call from others, whatever its task and its arguments are.
    const doubt = explicitKey === undefined && told?.why !== undefined ? doubtOf(call, told.why) : undefined;
    const text = inputs.type === 'text' ? inputs.text : this.#intake.textOf(inputs.given.captured);
    const { key, ordinal, isComplete } = taskKey(
      {
        parent: call.parent.key,
        verb: call.verb,
        module: '',
        name: told === undefined ? call.name : told.id,
        explicit: explicitKey,
        inputs: text,
      },
      scope.seen,
      keyDigest,
    );
    const keyHex = keyText(key);
    if (explicitKey !== undefined) this.#assertOnce(call, explicitKey, ordinal);
    const hidden = told !== undefined && !isComplete ? this.#hiddenIn(call) : undefined;
    if (call.options.strict && told !== undefined) assertKeyable(call, doubt ?? hidden);
    return {
      key,
      keyHex,
      unstable: doubt,
      hidden,
      argumentDigest: explicitKey === undefined ? undefined : argumentDigest(text),
    };
  }

  /** What tells a definition from others, and why it does not if so. */
  #told(definition: TaskDefinition | FlowDefinition): DefinitionIdentity {
    const told = identityOf(definition, this.#modules);
    const clash = this.#used.use(definition, told.id);
    // Definitions are kept as the wider type; what it holds is what was put in.
    if (clash !== undefined) throw duplicateName(definition, clash);
    return told;
  }

  #hiddenIn({ inputs }: Call): string {
    const opaque = inputs.type === 'given' ? this.#intake.opaqueAmong(inputs.given.captured) : undefined;
    return opaque === undefined
      ? 'its arguments cannot be told from others'
      : `${opaque.path} is ${opaque.what}, by which it cannot be told from others`;
  }

  /** An explicit key may occur once among the calls of a task in one scope. */
  #assertOnce({ scope, parent, name, at }: Call, explicitKey: string, ordinal: number): void {
    // The items of a map stand at one line, which need not be kept for each.
    const isItem = parent !== scope.node;
    const slot = `${name}\n${explicitKey}`;
    if (ordinal > 0)
      throw duplicateKey(name, explicitKey, isItem ? at() : scope.explicitKeys.get(slot), at());
    if (!isItem) scope.explicitKeys.set(slot, at());
  }
}

function doubtOf({ definition, name }: Call, why: string): string {
  return `${definition?.kind ?? 'task'} '${name}' has no stable identity: ${why}`;
}

/** A strict task must be known again: neither it nor what it consumes may be in doubt. */
function assertKeyable({ name, consumes, at }: Call, untold: string | undefined): void {
  const input = consumes.find((node) => node.has(UNTOLD));
  const why =
    untold ??
    (input === undefined ? undefined : `it consumes ${input.name}, which cannot be told from others`);
  if (why !== undefined) throw unkeyable(name, why, at());
}
