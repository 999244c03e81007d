import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { turns } from './gate.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects garbage now. What an await still holds is let go a turn later. */
export async function collectGarbage(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    await turns(2);
    collect();
  }
}

/** Watches objects without holding them. */
export class Watched {
  readonly #refs: WeakRef<object>[] = [];

  /** Watches an object; returns it. */
  add<T extends object>(object: T): T {
    this.#refs.push(new WeakRef(object));
    return object;
  }

  /** How many are alive, once garbage has been collected. */
  async alive(): Promise<number> {
    await collectGarbage();
    return this.#refs.filter((ref) => ref.deref() !== undefined).length;
  }

  /** The same at once. */
  aliveNow(): number {
    collect();
    return this.#refs.filter((ref) => ref.deref() !== undefined).length;
  }
}
