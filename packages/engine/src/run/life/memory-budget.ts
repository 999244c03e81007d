import { totalmem } from 'node:os';
import { byteSize } from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';

/** What a task of which nothing is known is taken to make in a flow that says nothing of memory, bytes. */
const UNKNOWN_BYTES = 16 * 2 ** 20;

/**
 * In a flow that says how much memory it may use, a task of which nothing is known yet counts as an eighth of that: so
 * eight of them begin together at most, whatever they make.
 */
export function memoryOf({ options: { memory } }: FlowDefinition): Readonly<{
  memoryBudget: number;
  unknownBytes: number;
}> {
  if (memory === undefined) return { memoryBudget: defaultBudget(), unknownBytes: UNKNOWN_BYTES };
  return { memoryBudget: byteSize(memory), unknownBytes: Math.floor(byteSize(memory) / 8) };
}

/** A quarter of what the machine, or its container, has. */
function defaultBudget(): number {
  const constrained = process.constrainedMemory();
  const total = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  return total / 4;
}
