import { registryKey } from '../../context/ambient.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { duplicateName } from './call-errors.ts';

/** The tasks and flows that a run calls: two of one name in one module cannot be told apart by key. */
export class DefinitionsUsed {
  readonly #byName = new Map<string, TaskDefinition | FlowDefinition>();
  readonly #checked = new WeakSet<TaskDefinition | FlowDefinition>();

  /** Throws `DUPLICATE_NAME`. */
  add(definition: TaskDefinition | FlowDefinition): void {
    if (this.#checked.has(definition)) return;
    this.#checked.add(definition);
    const id = registryKey(definition.module, definition.name);
    const used = this.#byName.get(id);
    if (used === undefined) this.#byName.set(id, definition);
    else if (used.at !== definition.at) throw duplicateName(definition, used);
  }
}
