/**
 * One look into the main thread while it executes code without an end: an inspector session pauses it wherever it is,
 * has an expression evaluated there, and lets it go on. No port is opened. `Debugger` is on for this long only: a
 * `debugger;` statement of the user's that is met meanwhile is where the look takes place, and later ones do nothing.
 * Should this thread end while it looks, its session ends with it, and the main thread goes on. Only an error that the
 * listener throws would leave it paused: the listener lets it go on whatever happens.
 */
import type { Session } from 'node:inspector';

/** What the expression gives as text; undefined if the thread could not be paused in time, as inside native code. */
export async function lookIntoMainThread(
  expression: string,
  patienceMs: number,
): Promise<string | undefined> {
  const session = await openSession();
  if (session === undefined) return undefined;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const timer = setTimeout(() => resolve(undefined), patienceMs);
  let isSeen = false;
  let text: string | undefined;
  session.on('Debugger.paused', ({ params }) => {
    try {
      const [frame] = params.callFrames;
      if (isSeen || frame === undefined) return;
      isSeen = true;
      session.post(
        'Debugger.evaluateOnCallFrame',
        { callFrameId: frame.callFrameId, expression, returnByValue: true, silent: true },
        (error, given) => {
          text = error === null ? textOf(given.result.value) : undefined;
        },
      );
    } finally {
      session.post('Debugger.resume');
      session.post('Debugger.disable', () => resolve(text));
    }
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    // What was asked for and not done yet (a pause inside native code) is dropped with the session.
    session.disconnect();
  }
}

async function openSession(): Promise<Session | undefined> {
  try {
    const inspector = await import('node:inspector');
    const session = new inspector.Session();
    session.connectToMainThread();
    return session;
  } catch {
    return undefined; // a Node without an inspector
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
