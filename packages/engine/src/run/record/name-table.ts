import { hash } from 'node:crypto';
import type { NameRecord } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { moduleId } from './module-id.ts';
import type { Recorder } from './recorder.ts';

/** Names of tasks, stages and groups in a run's journal, by small integers; and whether their code has changed. */
export class NameTable {
  readonly #recorder: Recorder;
  readonly #ids = new Map<string, number>();
  readonly #recordedCode = new Map<string, string>();
  readonly #fingerprints = new WeakMap<TaskDefinition | FlowDefinition, string>();
  readonly #changed = new Set<string>();

  constructor(recorder: Recorder, recorded: readonly NameRecord[]) {
    this.#recorder = recorder;
    for (const { id, name, module, code, tags } of recorded) {
      this.#ids.set(nameKey(module, name, tags), id);
      this.#recordedCode.set(`${module}#${name}`, code);
    }
  }

  /** Names of tasks whose code differs from what earlier attempts ran. */
  get changed(): readonly string[] {
    return [...this.#changed];
  }

  idOf(
    name: string,
    moduleUrl: string,
    definition: TaskDefinition | FlowDefinition | undefined,
    runner: string,
    tags: readonly string[],
  ): number {
    const module = moduleUrl === '' ? '' : moduleId(moduleUrl);
    const key = nameKey(module, name, tags);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(key, id);
    const code = definition === undefined ? '' : this.#fingerprint(definition);
    this.#recorder.records.name({ id, name, module, code, runner, tags });
    return id;
  }

  hasChanged(definition: TaskDefinition | FlowDefinition): boolean {
    const before = this.#recordedCode.get(`${moduleId(definition.module)}#${definition.name}`);
    if (before === undefined || before === '' || before === this.#fingerprint(definition)) return false;
    this.#changed.add(definition.name);
    return true;
  }

  #fingerprint(definition: TaskDefinition | FlowDefinition): string {
    let code = this.#fingerprints.get(definition);
    if (code === undefined) {
      code = hash('sha256', Function.prototype.toString.call(definition.fn), 'hex').slice(0, 16);
      this.#fingerprints.set(definition, code);
    }
    return code;
  }
}

function nameKey(module: string, name: string, tags: readonly string[]): string {
  return tags.length === 0 ? `${module}#${name}` : `${module}#${name}\n${tags.join('\n')}`;
}
