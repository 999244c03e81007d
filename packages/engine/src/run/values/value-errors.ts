import { SiderealError } from '@sidereal/core';
import { nodeText } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { errorLine } from '../record/failure.ts';

/** The file of a value that must be kept cannot be written. */
export function notWritten(node: RunNode, cause: unknown): SiderealError {
  return new SiderealError(
    'RESULT_NOT_WRITTEN',
    `the value of ${nodeText(node)} cannot be written: ${errorLine(cause)}`,
    {
      cause,
      remedy: 'Make room on the disk, or make the folder of the store writable; then `sidereal resume`.',
    },
  );
}

/** A value that must be kept cannot be encoded. */
export function notDurable(node: RunNode, obstacle: string): SiderealError {
  return new SiderealError(
    'RESULT_NOT_DURABLE',
    `${nodeText(node)} must keep its value, which contains ${obstacle}`,
    {
      remedy:
        'Return plain data (numbers, strings, arrays, plain objects, typed arrays, Map, Set, Date), or drop `persist`.',
    },
  );
}
