import inspector from 'node:inspector';

/** Is somebody looking at this process, or may be, at a breakpoint? Time says nothing then. */
export function isDebugged(): boolean {
  return isStartedToBe || inspector.url() !== undefined;
}

const isStartedToBe = asksForDebugger([...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '));

/** Do these arguments of Node open its inspector? */
export function asksForDebugger(argv: string): boolean {
  return /(?:^|\s)--inspect(?:-brk|-wait)?(?:[=\s]|$)/.test(argv);
}
