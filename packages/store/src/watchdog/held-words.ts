import type { HeldBy } from '@sidereal/core';

/** `'clean' (flow.ts:3:9)` */
function holderText({ name, at }: HeldBy): string {
  if (name === '') return `code at ${at ?? 'an unknown line'}`;
  return at === undefined ? `'${name}', inside a call of native code` : `'${name}' (${at})`;
}

/** What people are told while the thread is held, a line each. */
export function heldLines(by: HeldBy, heldMs: number): readonly string[] {
  const held = `the thread of the flow has been held for ${Math.floor(heldMs / 1000)} s by ${holderText(by)}`;
  const end = by.hasSignals ? '; Ctrl-C or SIGTERM ends the process now' : '';
  return [
    `${held}: nothing else goes on in it until then${end}`,
    ...(by.runId === ''
      ? []
      : [`  what had ended before is recorded; go on with: sidereal resume ${by.runId}`]),
  ];
}
