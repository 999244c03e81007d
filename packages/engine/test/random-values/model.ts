import { combined, consumed, REFUSED, type Step } from './plan.ts';

/** What a plan comes to, evaluated without an engine. */
export function modelOf(steps: readonly Step[], keys = new Set<string>()): number {
  const values: number[] = [];
  for (const step of steps) values.push(valueOf(step, values, keys));
  return combined(values);
}

function valueOf(step: Step, earlier: readonly number[], keys: Set<string>): number {
  switch (step.op) {
    case 'call':
    case 'in-map':
      return step.n + sum(consumed(earlier, step.deps));
    case 'twins':
      return 2 * (step.n + sum(consumed(earlier, step.deps)));
    case 'refilled':
    case 'map':
    case 'reduce':
      return (step.n * (step.n + 1)) / 2;
    case 'grown':
      return 11 * (step.n + 1);
    case 'factory':
    case 'closure':
    case 'private':
      return 10 * step.n;
    case 'keyed':
      if (keys.has(step.key)) return REFUSED;
      keys.add(step.key);
      return step.n;
    case 'drawn':
      return 1;
    case 'stage':
    case 'task':
    case 'group':
      return modelOf(step.inner);
    case 'branches':
      return combined(step.branches.map((branch) => modelOf(branch, keys)));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
