import { getCallSites, type CallSiteObject } from 'node:util';
import { isOwnCode } from './own-code.ts';
import { moduleUrlOf } from './module-url.ts';
import { sourceLine } from './source-line.ts';
import type { CodeLocation } from './stack-frame.ts';

/** Frames looked at first: a call that comes straight from the user's code is three or four deep. */
const NEAR = 8;
/** The most that `getCallSites` gives. */
const FAR = 200;

/**
 * The frame of the user's code that called into this package just now, as it runs: what source maps, loaders and
 * `Error.prepareStackTrace` make of it does not matter.
 */
export function userCallFrame(): CallSiteObject | undefined {
  return userFrameAmong(NEAR) ?? userFrameAmong(FAR);
}

/** The user's line that called into this package just now. Costs some microseconds: not for hot paths. */
export function userCallSite(): CodeLocation | undefined {
  const frame = userCallFrame();
  if (frame === undefined) return undefined;
  const { scriptName: script, lineNumber: line, columnNumber: column, functionName } = frame;
  return { module: moduleUrlOf(script), at: sourceLine({ script, line, column }), functionName };
}

function userFrameAmong(count: number): CallSiteObject | undefined {
  return getCallSites(count, { sourceMap: false }).find(({ scriptName }) => !isOwnCode(scriptName));
}
