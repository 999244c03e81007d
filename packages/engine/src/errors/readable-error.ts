import { thrownMessage } from './thrown-message.ts';

/** What is read of an error sooner or later. */
const READ = ['name', 'message', 'stack', 'cause', 'code', 'errors', 'remedy', 'at'] as const;

/**
 * What was thrown, if it can be looked at without harm; else an error that says what can be read of it. Code may throw
 * anything, also what throws when it is looked at (a proxy, a getter): this stands where it is caught, so that nothing
 * behind has to think of that.
 */
export function readableThrown(thrown: unknown): unknown {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) return thrown;
  try {
    if (thrown instanceof Error) for (const name of READ) Reflect.get(thrown, name);
    else for (const key of [...READ, ...Reflect.ownKeys(thrown)]) Reflect.get(thrown, key);
    return thrown;
  } catch {
    return stoodFor(thrown);
  }
}

function stoodFor(thrown: object): Error {
  const message = textOf(thrown, 'message') ?? thrownMessage(thrown);
  const error = new Error(message);
  const stack = textOf(thrown, 'stack');
  const code = textOf(thrown, 'code');
  const name = textOf(thrown, 'name');
  if (name !== undefined) error.name = name;
  if (stack === undefined) delete error.stack;
  else error.stack = stack;
  return code === undefined ? error : Object.assign(error, { code });
}

function textOf(thrown: object, name: string): string | undefined {
  try {
    const text: unknown = Reflect.get(thrown, name);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
