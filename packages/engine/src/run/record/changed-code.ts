import { codeEntry, entryKindOf, readCodeEntry, type RunSnapshot } from '@sidereal/core';
import { ambient } from '../../context/ambient.ts';
import { keyDigest } from '../../data/digest.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { CodeChanges, type CodeChangesOptions } from '../../identity/code-changes.ts';
import type { ModuleNames } from '../../identity/module-names.ts';
import type { Recorder } from './recorder.ts';

export interface ChangedCodeParts {
  readonly recorder: Recorder;
  readonly modules: ModuleNames;
  readonly snapshot: RunSnapshot | undefined;
  /** Asks the store's thread. */
  readonly fingerprint: CodeChangesOptions['fingerprint'];
}

/** The code of the tasks and flows of a run: what it was is recorded, and what has changed under recorded runs is told. */
export class ChangedCode {
  readonly #changes: CodeChanges;
  readonly #snapshot: RunSnapshot | undefined;
  /** What has changed, by the task or flow whose recorded runs were looked at. */
  readonly #found = new Map<string, string>();

  constructor({ recorder, modules, snapshot, fingerprint }: ChangedCodeParts) {
    this.#snapshot = snapshot;
    const entries = snapshot?.keyed.filter(({ kind }) => entryKindOf(kind) === 'code') ?? [];
    this.#changes = new CodeChanges({
      modules,
      recorded: entries.flatMap(({ body }) => readCodeEntry(body) ?? []),
      sinceUs: recorder.now(),
      fingerprint,
      record: (code) => {
        const key = keyDigest(`code\n${code.module}\n${code.digest}\n${code.sinceUs}`);
        recorder.records.entry({
          idx: 0,
          attempt: 0,
          kind: 'code',
          timeUs: recorder.now(),
          key,
          body: JSON.stringify(codeEntry(code)),
        });
        recorder.touch();
      },
    });
  }

  /** A task or flow is called; cheap to say again. */
  use({ module }: TaskDefinition | FlowDefinition): void {
    this.#changes.use(module);
  }

  /** Looks at all code that is loaded, before anything is decided about recorded runs. */
  async lookAtAll(): Promise<void> {
    for (const { module } of ambient.registry.values()) this.#changes.use(module);
    await this.#changes.settled();
  }

  /** Resolves once all code that is in use has been recorded. */
  settled(): Promise<void> {
    return this.#changes.settled();
  }

  /** What has changed in the code of a task or flow since this recorded node of it ended, in words. */
  since({ kind, name, module }: TaskDefinition | FlowDefinition, idx: number): string | undefined {
    const change = this.#changes.changeIn(module, this.#snapshot?.nodes.endedUs[idx] ?? Number.NaN);
    if (change !== undefined) this.#found.set(`${kind} '${name}'`, change);
    return change;
  }

  /** What has been found to have changed, for people: the task or flow, and the change. */
  get found(): Iterable<readonly [string, string]> {
    return this.#found;
  }
}
