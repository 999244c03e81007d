import { keyText } from '@sidereal/core';
import type { AuthorSide, Operation } from '../../context/operation.ts';
import type { Repeats } from '../calls/repeats.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import { keyDigest } from '../../data/digest.ts';
import type { RunRecord } from '../record/run-record.ts';

export interface EntryParts {
  readonly record: RunRecord;
  readonly repeats: Repeats;
}

/**
 * What the code of a scope says, makes and reads from the outside world. In a flow's body it is keyed: the body
 * runs again when the flow is resumed or tried again, and what it said once is said once. A task runs again as
 * a whole, so it says and reads again.
 */
export class KeyedEntries {
  readonly #parts: EntryParts;
  readonly #scope: CodeScope;
  /** Counts equal entries, so that each has its own key. Made when first used. */
  #seen: Map<string, number> | undefined;

  constructor(parts: EntryParts, scope: CodeScope) {
    this.#parts = parts;
    this.#scope = scope;
  }

  say({ entry: kind, body, once }: Operation<AuthorSide, 'say'>): void {
    const { record, repeats } = this.#parts;
    const { node } = this.#scope;
    const isBodyLog = kind === 'log' && !this.#isTask;
    const name = isBodyLog ? `${String(body['level'])} ${String(body['message'])}` : once;
    if (name === undefined) {
      record.entry(node, kind, body);
      return;
    }
    const key = this.#keyOf(kind, name);
    if (this.#isTask) {
      record.entry(node, kind, body, key);
      return;
    }
    const text = keyText(key);
    // A later attempt in this process says again what it logs; a resumed one does not.
    const before = isBodyLog ? repeats.recordedEffectOf(text) : repeats.effectOf(text);
    if (before !== undefined) return;
    if (!isBodyLog) repeats.rememberEffect(node, text, '');
    record.entry(node, kind, body, key);
  }

  effect({ call, read }: Operation<AuthorSide, 'effect'>): unknown {
    if (this.#isTask) return read();
    const { record, repeats } = this.#parts;
    const { node } = this.#scope;
    const key = this.#keyOf('effect', call);
    const text = keyText(key);
    const before = repeats.effectOf(text);
    if (before !== undefined) return (JSON.parse(before) as { value: unknown }).value;
    const value = read();
    repeats.rememberEffect(node, text, JSON.stringify({ call, value }));
    record.entry(node, 'effect', { call, value }, key);
    return value;
  }

  get #isTask(): boolean {
    return this.#scope.owner.kind === 'task';
  }

  #keyOf(kind: string, name: string): Uint8Array {
    const identity = `${this.#scope.node.key}\n${kind}\n${name}`;
    const seen = (this.#seen ??= new Map<string, number>());
    const ordinal = seen.get(identity) ?? 0;
    seen.set(identity, ordinal + 1);
    return keyDigest(`${identity}\n${ordinal}`);
  }
}
