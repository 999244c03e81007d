/**
 * The one walk through a value: every object once, whatever shares it, cycles and any depth included. Its
 * order is breadth first. What the walk is for is the visitor's business.
 */
import { classOf, type ValueClass } from './class-of.ts';
import { forEachPart, stepText, type PartRole } from './parts.ts';

export interface ValueVisitor {
  /** An object, met for the first time; false: its parts are not visited. */
  readonly object: (value: object, valueClass: ValueClass) => boolean;
  /** Anything else, as often as it is met. */
  readonly scalar?: (value: unknown) => void;
}

/** Visits a value and all that it holds. */
export function walkValue(root: unknown, visitor: ValueVisitor): void {
  const objects = new Set<object>();
  const meet = (part: unknown): void => {
    if (typeof part === 'object' && part !== null) objects.add(part);
    else visitor.scalar?.(part);
  };
  meet(root);
  // A set is iterated in order of insertion, objects added on the way included.
  for (const value of objects) {
    const valueClass = classOf(value);
    if (visitor.object(value, valueClass)) forEachPart(value, valueClass, meet);
  }
}

interface Frame {
  readonly value: object;
  readonly parts: readonly object[];
  next: number;
}

/**
 * The objects of a value, each after all that it holds, the value itself last; undefined if one holds itself.
 * What `enter` refuses is among them, its parts are not. Any depth: nothing is recursive.
 */
export function postOrder(
  root: object,
  enter: (value: object, valueClass: ValueClass) => boolean,
): object[] | undefined {
  const inOrder: object[] = [];
  /** Objects that have been entered, and whether they have been left. */
  const isLeft = new Map<object, boolean>();
  const stack: Frame[] = [frameOf(root, enter)];
  isLeft.set(root, false);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const part = frame.parts[frame.next];
    frame.next += 1;
    if (part === undefined) {
      stack.pop();
      isLeft.set(frame.value, true);
      inOrder.push(frame.value);
      continue;
    }
    const state = isLeft.get(part);
    if (state === false) return undefined;
    if (state === true) continue;
    isLeft.set(part, false);
    stack.push(frameOf(part, enter));
  }
  return inOrder;
}

function frameOf(value: object, enter: (value: object, valueClass: ValueClass) => boolean): Frame {
  const parts: object[] = [];
  const valueClass = classOf(value);
  if (enter(value, valueClass)) {
    forEachPart(value, valueClass, (part) => {
      if (typeof part === 'object' && part !== null) parts.push(part);
    });
  }
  return { value, parts, next: 0 };
}

/** Something found in a value, and the way to it. */
export interface Located {
  /** As code after the name of the root: `[0].model.fn`; empty for the root itself. */
  readonly path: string;
  readonly value: unknown;
}

/** `value` is anything met; `holder` what holds it. `stop`: what is sought; `skip`: nothing within is. */
export type Sought = (value: unknown, holder: ValueClass | undefined) => 'stop' | 'enter' | 'skip';

interface PartStep {
  readonly holder: object;
  readonly role: PartRole;
  readonly key: unknown;
}

/** The nearest part of a value that is sought, and its path; for messages, so it may take its time. */
export function locate(root: unknown, isSought: Sought, maxObjects = Infinity): Located | undefined {
  const steps = new Map<object, PartStep | undefined>();
  const first = isSought(root, undefined);
  if (first === 'stop') return { path: '', value: root };
  if (first === 'enter' && typeof root === 'object' && root !== null) steps.set(root, undefined);
  for (const holder of steps.keys()) {
    if (steps.size > maxObjects) return undefined;
    const found = searchParts(holder, isSought, steps);
    if (found !== undefined) return found;
  }
  return undefined;
}

function searchParts(
  holder: object,
  isSought: Sought,
  steps: Map<object, PartStep | undefined>,
): Located | undefined {
  const holderClass = classOf(holder);
  let found: Located | undefined;
  forEachPart(holder, holderClass, (part, role, key) => {
    if (found !== undefined) return;
    const isObject = typeof part === 'object' && part !== null;
    if (isObject && steps.has(part)) return;
    const verdict = isSought(part, holderClass);
    if (verdict === 'stop') found = { path: pathTo({ holder, role, key }, steps), value: part };
    else if (verdict === 'enter' && isObject) steps.set(part, { holder, role, key });
  });
  return found;
}

/** Paths longer than this are cut in front: they come of data thousands of levels deep. */
const MOST_STEPS = 32;

function pathTo(last: PartStep, steps: ReadonlyMap<object, PartStep | undefined>): string {
  const texts: string[] = [];
  for (let step: PartStep | undefined = last; step !== undefined; step = steps.get(step.holder)) {
    if (texts.length === MOST_STEPS) return `…${texts.reverse().join('')}`;
    texts.push(stepText(step.role, step.key));
  }
  return texts.reverse().join('');
}
