import { writeSync } from 'node:fs';

/** Writes lines to stderr past the main thread, which is held: its own streams would wait for it. */
export function sayOnStderr(lines: readonly string[]): void {
  const text = lines.map((line) => `sidereal: ${line}\n`).join('');
  try {
    writeSync(2, text);
  } catch {
    // Whoever read it has gone, or does not read: that is no reason to end anything.
  }
}
