import { availableParallelism, freemem, totalmem } from 'node:os';
import { formatBytes } from '../terminal/format.ts';
import { VERSION } from '../version.ts';
import { ok, type Finding } from './finding.ts';

const LEAST_NODE = 24;

/** Versions, and what the machine has. */
export function checkMachine(versions: Readonly<{ node: string }> = process.versions): Finding[] {
  const node = Number.parseInt(versions.node, 10);
  const text = `${versions.node} on ${process.platform}-${process.arch}`;
  return [
    ok('sidereal', VERSION),
    node >= LEAST_NODE
      ? ok('Node.js', text)
      : {
          check: 'Node.js',
          status: 'wrong',
          detail: `${text}; ${LEAST_NODE} or later is needed`,
          remedy: 'Install a later Node.js.',
        },
    ok(
      'machine',
      `${availableParallelism()} processors, ${formatBytes(totalmem())} of memory, ${formatBytes(freemem())} free`,
    ),
  ];
}
