/**
 * Whoever forgets `await` should hear of it. A future made into text, a number or JSON would give
 * `[object Object]` or the insides of the engine, and the flow would complete with it; so it throws instead:
 *
 *     `flux: ${measure(image)}`          FUTURE_USED_AS_VALUE, with the line
 *     measure(image) > 3                 the same
 *     JSON.stringify(measure(image))     the same
 *     console.log(measure(image))        TaskFuture(measure, running)
 *
 * Looking at it is no use of its value: a debugger and `util.inspect` show its name and state.
 */
import { inspect } from 'node:util';
import { SiderealError } from '@sidereal/core/errors';
import { userCallSite } from '../identity/call-site.ts';

/** Base of every future that the engine gives to authors. */
export abstract class FutureGuard {
  /** What it is the value of, and how far that is if it is known: `['measure', 'running']`. */
  protected abstract summary(): readonly string[];

  /** Text, arithmetic and comparison. */
  [Symbol.toPrimitive](hint: string): never {
    throw this.#usedAs(hint === 'string' ? 'text' : hint === 'number' ? 'a number' : 'a value');
  }

  toString(): never {
    throw this.#usedAs('text');
  }

  toJSON(): never {
    throw this.#usedAs('JSON');
  }

  [inspect.custom](): string {
    return `${'isMap' in this ? 'MapFuture' : 'TaskFuture'}(${this.summary().join(', ')})`;
  }

  #usedAs(kind: string): SiderealError<'FUTURE_USED_AS_VALUE'> {
    const [name = ''] = this.summary();
    return new SiderealError(
      'FUTURE_USED_AS_VALUE',
      `the future of '${name}' is used as ${kind}, and has no value before it is awaited`,
      {
        at: userCallSite()?.at,
        remedy:
          'Await it first: const value = await future; or give it to a task as it is, which gets the value.',
      },
    );
  }
}
