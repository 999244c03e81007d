/**
 * What the JavaScript engine knows of functions and tells debuggers only: which script one stands in, and what is
 * declared at the top level there. Asked of this thread's own inspector, for a moment, in one go: no code runs
 * meanwhile. It is needed for a module that is still under evaluation, as that of a program is which awaits its flow at
 * the top level: importing it again waits for its end.
 */
import type { Session } from 'node:inspector';

/** The script that a function stands in: a URL, or a path for CommonJS. Undefined if that cannot be found out. */
export function scriptOf(fn: (...args: never[]) => unknown): string | undefined {
  return inspect((session, scripts) => {
    const origin = internalOf(session, fn, '[[FunctionLocation]]')?.value as
      { scriptId?: string } | undefined;
    return origin?.scriptId === undefined ? undefined : scripts.get(origin.scriptId);
  });
}

/** Functions and classes declared or imported at the top level of the module that a function stands in. */
export function functionsBeside(
  fn: (...args: never[]) => unknown,
): readonly ((...args: never[]) => unknown)[] {
  const beside: ((...args: never[]) => unknown)[] = [];
  inspect((session) => {
    const scopes = internalOf(session, fn, '[[Scopes]]')?.objectId;
    if (scopes === undefined) return;
    for (const { value: scope } of propertiesOf(session, scopes).result) {
      if (scope?.objectId === undefined || scope.description === 'Global') continue;
      for (const { value } of propertiesOf(session, scope.objectId).result) {
        if (value?.type !== 'function' || value.objectId === undefined) continue;
        const binding = valueAt(session, value.objectId);
        if (typeof binding === 'function') beside.push(binding as (...args: never[]) => unknown);
      }
    }
  });
  return beside;
}

interface RemoteObject {
  readonly type: string;
  readonly objectId?: string;
  readonly description?: string;
  readonly value?: unknown;
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

type Scripts = ReadonlyMap<string, string>;

function inspect<T>(look: (session: Session, scripts: Scripts) => T): T | undefined {
  // Absent where Node.js is built without it, or is not allowed to use it.
  const inspector = process.getBuiltinModule?.('node:inspector');
  if (inspector === undefined) return undefined;
  const session = new inspector.Session();
  const scripts = new Map<string, string>();
  try {
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
    post(session, 'Debugger.enable', {});
    return look(session, scripts);
  } catch {
    return undefined;
  } finally {
    session.disconnect();
  }
}

/** The answer comes before `post` returns: the session is of this thread. */
function post(session: Session, method: string, params: object): unknown {
  let answer: unknown;
  session.post(method, params, (error, result) => {
    if (error === null) answer = result;
  });
  return answer;
}

/** Where values are put for the inspector to take them, and by it. */
const HAND_OVER = Symbol.for('sidereal.hand-over/1');
const hand: { value: unknown } = { value: undefined };

function internalOf(session: Session, value: unknown, name: string): RemoteObject | undefined {
  hand.value = value;
  Object.defineProperty(globalThis, HAND_OVER, { value: hand, configurable: true });
  try {
    const expression = `globalThis[Symbol.for(${JSON.stringify(HAND_OVER.description)})].value`;
    const { result } = post(session, 'Runtime.evaluate', { expression }) as { result: RemoteObject };
    if (result.objectId === undefined) return undefined;
    const { internalProperties = [] } = propertiesOf(session, result.objectId);
    return internalProperties.find((one) => one.name === name)?.value;
  } finally {
    hand.value = undefined;
    Reflect.deleteProperty(globalThis, HAND_OVER);
  }
}

function propertiesOf(session: Session, objectId: string): Properties {
  return post(session, 'Runtime.getProperties', { objectId, ownProperties: true }) as Properties;
}

function valueAt(session: Session, objectId: string): unknown {
  Object.defineProperty(globalThis, HAND_OVER, { value: hand, configurable: true });
  try {
    const key = JSON.stringify(HAND_OVER.description);
    const functionDeclaration = `function () { globalThis[Symbol.for(${key})].value = this; }`;
    post(session, 'Runtime.callFunctionOn', { objectId, functionDeclaration });
    return hand.value;
  } finally {
    hand.value = undefined;
    Reflect.deleteProperty(globalThis, HAND_OVER);
  }
}
