import { writeSync } from 'node:fs';

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/**
 * Prints a line and returns when it is out, so that what a process has said survives its being killed. Waits while
 * the pipe is full: whoever reads it may be slower than this process.
 */
export function say(line: string | number): void {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(nobodyWakes, 0, 0, 1);
    }
  }
}
