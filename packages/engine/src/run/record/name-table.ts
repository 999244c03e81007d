import type { NameRecord } from '@sidereal/core';
import type { ModuleNames } from '../../identity/module-names.ts';
import type { Recorder } from './recorder.ts';

interface Named {
  readonly moduleUrl: string;
  readonly tags: readonly string[];
  readonly id: number;
}

/** Names of tasks, stages and groups in a run's journal, by small integers. */
export class NameTable {
  readonly #recorder: Recorder;
  readonly #modules: ModuleNames;
  readonly #ids = new Map<string, number>();
  /** What each name stood for last: calls of one task follow each other, and most say the same of it. */
  readonly #latest = new Map<string, Named>();

  constructor(recorder: Recorder, modules: ModuleNames, recorded: readonly NameRecord[]) {
    this.#recorder = recorder;
    this.#modules = modules;
    for (const { id, name, module, tags } of recorded) this.#ids.set(nameKey(module, name, tags), id);
  }

  /** `moduleUrl`: of the module of a task or flow; empty for groups. */
  idOf(name: string, moduleUrl: string, runner: string, tags: readonly string[]): number {
    const latest = this.#latest.get(name);
    if (latest !== undefined && latest.moduleUrl === moduleUrl && latest.tags === tags) return latest.id;
    const id = this.#idOf(name, moduleUrl, runner, tags);
    this.#latest.set(name, { moduleUrl, tags, id });
    return id;
  }

  #idOf(name: string, moduleUrl: string, runner: string, tags: readonly string[]): number {
    const module = moduleUrl === '' ? '' : this.#modules.of(moduleUrl);
    const key = nameKey(module, name, tags);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(key, id);
    this.#recorder.records.name({ id, name, module, runner, tags });
    return id;
  }
}

function nameKey(module: string, name: string, tags: readonly string[]): string {
  return tags.length === 0 ? `${module}#${name}` : `${module}#${name}\n${tags.join('\n')}`;
}
