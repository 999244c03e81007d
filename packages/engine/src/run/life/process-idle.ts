/** Who is told when nothing in the process is alive any more. */
const listeners = new Set<() => boolean>();

/**
 * Calls back when the process would end though somebody still waits: nothing is alive in it, no timer, no socket, no
 * file being read, no request to the store. It goes on for another turn of the event loop if the listener says that it
 * has done something about it.
 */
export function onProcessIdle(listener: () => boolean): Disposable {
  if (listeners.size === 0) process.on('beforeExit', tellIdle);
  listeners.add(listener);
  return {
    [Symbol.dispose]() {
      if (listeners.delete(listener) && listeners.size === 0) process.off('beforeExit', tellIdle);
    },
  };
}

function tellIdle(): void {
  const goesOn = [...listeners].map((listener) => listener());
  // What a listener does may be promises alone, for which no process lives on.
  if (goesOn.includes(true)) setImmediate(() => undefined);
}
