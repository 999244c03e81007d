import { isOwnCode } from './own-code.ts';

/**
 * Functions that esbuild wraps modules in where it cannot lay them side by side, each called once: `__init`,
 * `__require2`, and one that is named after the module's file.
 */
const MODULE_WRAPPER = /^__(?:init|require)\d*$|\.[cm]?[jt]sx?$/;

/** Frames looked at: a module's own code stands near the top while it is being evaluated. */
const DEPTH = 40;

/**
 * Is the user's code that calls into this package now evaluated by its module itself: at its top level, or in
 * functions without a name that the top level calls on the spot? Then it is evaluated whenever the module is
 * loaded. A bundler's wrapper around a module counts as its top level. Code that waited for something first counts too if it stands at the top level, or if the top level awaits it.
 *
 * The structured stack tells where the function of each frame begins, which `util.getCallSites` does not: the
 * function that begins where its script begins is the module. Undefined if the stack cannot be had, because
 * its formatting is frozen.
 */
export function isEvaluatedByModule(): boolean | undefined {
  const frames = structuredStack();
  if (frames === undefined) return undefined;
  const first = frames.findIndex((frame) => !isOwnCode(frame.getFileName() ?? ''));
  const script = frames[first]?.getFileName();
  for (const frame of frames.slice(Math.max(first, 0))) {
    const file = frame.getFileName();
    if (file === null || file === undefined) continue; // built in: Array.map, eval
    if (file !== script) return false;
    if (beginsScript(frame)) return true;
    const name = frame.getFunctionName();
    if (name !== null && !MODULE_WRAPPER.test(name)) return false;
  }
  return false;
}

/** Wrappers, such as that of CommonJS or of a test runner, begin before the first column, which counts as none. */
function beginsScript(frame: NodeJS.CallSite): boolean {
  return frame.getEnclosingLineNumber() === 1 && (frame.getEnclosingColumnNumber() ?? 1) <= 1;
}

function structuredStack(): readonly NodeJS.CallSite[] | undefined {
  const before = settings();
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = DEPTH;
    Error.prepareStackTrace = (_error, frames) => frames;
    Error.captureStackTrace(holder, isEvaluatedByModule);
    const { stack } = holder; // formatted when it is read
    return Array.isArray(stack) ? stack : undefined;
  } catch {
    return undefined;
  } finally {
    restore(before);
  }
}

/** What the process has set for stacks, to be put back as it was. */
function settings(): Readonly<Record<string, unknown>> {
  const prepareStackTrace: unknown = Reflect.get(Error, 'prepareStackTrace');
  return { prepareStackTrace, stackTraceLimit: Error.stackTraceLimit };
}

function restore(before: Readonly<Record<string, unknown>>): void {
  try {
    Object.assign(Error, before);
  } catch {
    // It is frozen, and so unchanged.
  }
}
