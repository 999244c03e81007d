import { ambient, registryKey } from '../../src/context/ambient.ts';
import type { FlowDefinition } from '../../src/definitions/flow-definition.ts';
import type { CallSite, MapSource } from '../../src/context/scope.ts';
import { add, addLater, echo, failLater, here, nextTurn, scope } from './contract-tasks.ts';
import { define } from './define.ts';

const module = import.meta.url;

const plain: Omit<MapSource, 'items'> = { args: undefined, key: undefined, failFast: false };

/** Maps over lists of every kind, and over the futures of maps. */
export const maps = define(module, 'maps', async () => {
  const square = scope().map(
    echo,
    { ...plain, items: new Set([1, 2, 3]), args: (n) => [Number(n) ** 2] },
    here,
  );
  const same = scope().map(echo, { ...plain, items: square }, here);
  const plusIndex = scope().map(addLater, { ...plain, items: same, args: (n, index) => [n, index] }, here);
  const arriving = scope().map(echo, { ...plain, items: oneByOne(), failFast: true }, here);
  const promised = scope().map(
    echo,
    { ...plain, items: Promise.resolve([7, 8]), key: (n) => `item ${String(n)}` },
    here,
  );
  const ofPromised = scope().map(add, { ...plain, items: promised, args: (n) => [n, 1] }, here);
  const ofOne = scope().map(echo, { ...plain, items: scope().call(echo, [[5, 6]], here) }, here);
  return Promise.all([square, same, plusIndex, arriving, promised, ofPromised, ofOne]);
});

async function* oneByOne(): AsyncGenerator<string> {
  for (const item of ['a', 'b']) {
    await nextTurn();
    yield item;
  }
}

export const mapsNothing = define(module, 'maps-nothing', () =>
  scope().map(echo, { ...plain, items: 12 }, here),
);

export const reduces = define(module, 'reduces', async () => {
  const list = scope().map(echo, { ...plain, items: [1, 2] }, here);
  const one = scope().call(echo, [3], here);
  await Promise.all([
    scope().reduce(echo, { items: [one, 4], arity: 2, initial: undefined }, here),
    scope().reduce(echo, { items: list, arity: 3, initial: { value: 0 } }, here),
    scope().reduce(echo, { items: oneByOne(), arity: 2, initial: undefined }, here),
  ]);
});

export const settles = define(module, 'settles', async () => {
  const well = scope().settled(scope().call(add, [1, 2], here));
  const badly = scope().settled(scope().call(failLater, [], here));
  const late = scope().settled(scope().call(echo, [Promise.resolve('late')], here));
  const never = scope().settled(scope().call(echo, [Promise.reject(new RangeError('no'))], here));
  const local = scope().settled(Promise.reject(new RangeError('local')));
  return Promise.all([well, badly, late, never, local]);
});

/** Futures and promises deep inside arguments, one of them late, and one call after another. */
export const nests = define(module, 'nests', async () => {
  const one = scope().call(add, [1, 0], here);
  const literal = nextTurn().then(() => 'literal');
  const late = scope().call(echo, [{ list: [one, literal], date: new Date(0) }], here);
  const next = scope().call(echo, [[late]], { ...here, after: [one] });
  return [await next, await one];
});

/** Leaves a call behind that can only be made after the function has returned. */
export const leavesLate = define(module, 'leaves-late', () => {
  scope().call(echo, [nextTurn().then(() => 'sent all the same')], here);
  return 'returned';
});

async function rejectLater(): Promise<never> {
  await nextTurn();
  throw new RangeError('no argument');
}
export const leavesBroken = define(module, 'leaves-broken', () => {
  scope().call(echo, [rejectLater()], here);
  return 'returned';
});

let kept: (() => unknown) | undefined;
/** Keeps a way to call after its end. */
export const keeps = define(module, 'keeps', () => {
  const own = scope();
  kept = () => own.call(echo, [1], here);
});
export const callsKept = define(module, 'calls-kept', () => kept?.());

const site: CallSite = {
  overrides: { retries: { limit: 2, retryIf: () => true } },
  after: [],
  at: () => 'user.ts:7:3',
};
export const callsWithFunction = define(module, 'calls-with-function', () => scope().call(echo, [1], site));
export const passesFunction = define(module, 'passes-function', () =>
  scope().call(echo, [{ apply: () => 1 }], site),
);
export const saysFunction = define(module, 'says-function', () =>
  scope().say('log', { message: 'x', fields: { apply: () => 1 } }, undefined),
);

/** A group whose code nobody awaits, and one whose value cannot leave the thread. */
export const leavesGroup = define(module, 'leaves-group', () => {
  scope().group('late', async () => {
    await nextTurn();
    scope().call(echo, ['from inside'], here);
  });
  return 'returned';
});
export const groupGivesFunction = define(module, 'group-gives-function', () =>
  scope().group('g', async () => ({ apply: () => 1 })),
);
export const reads = define(module, 'reads', () => scope().effect('now', () => 42));
export const returnsFutures = define(module, 'returns-futures', async () => ({
  sum: scope().call(addLater, [1, 2], here),
  list: [scope().map(echo, { ...plain, items: [1, 2] }, here)],
  byName: new Map([['one', scope().call(add, [0, 1], here)]]),
  set: new Set([scope().call(add, [1, 1], here)]),
  promise: nextTurn().then(() => ({ inside: scope().call(add, [2, 2], here) })),
}));
/** A group whose value holds a future. */
export const groupGivesFuture = define(module, 'group-gives-future', () =>
  scope().group('g', async () => [scope().call(add, [1, 2], here)]),
);
export const returnsRejections = define(module, 'returns-rejections', () => [
  scope().call(add, [1, 2], here),
  scope().call(failLater, [], here),
  scope().call(failLater, [], here),
]);
class Holder {
  held = scope().call(add, [1, 2], here);
}
export const hidesFuture = define(module, 'hides-future', () => ({ list: [new Holder()] }));
export const passesHidden = define(module, 'passes-hidden', () => {
  scope().call(echo, [new Holder()], here);
});
/** Futures in a Map and a Set, and in what a promise comes to, as arguments. */
export const passesFutures = define(module, 'passes-futures', async () => {
  const sum = scope().call(add, [1, 2], here);
  return scope().call(echo, [new Map([['sum', sum]])], here);
});
export const passesPromised = define(module, 'passes-promised', async () => {
  const sum = scope().call(add, [1, 2], here);
  return scope().call(echo, [[new Set([sum]), Promise.resolve({ n: sum })]], here);
});
export const returnsCall = define(module, 'returns-call', () => scope().call(add, [1, 2], here));

const imaging: FlowDefinition = {
  kind: 'flow',
  name: 'imaging',
  module,
  at: 'calls.ts:1:1',
  atModuleLevel: true,
  options: {},
  fn: () => undefined,
};
ambient.registry.set(registryKey(module, imaging.name), imaging);
export const callsStage = define(module, 'calls-stage', () => {
  void scope().stage(imaging, { target: 'J1851' }, urgent);
});
const urgent: CallSite = { overrides: { priority: 5 }, after: [], at: () => 'user.ts:9:1' };

/** Two waits at once, of which one is enough. */
export const races = define(module, 'races', async () => {
  const quick = scope().call(add, [1, 2], here);
  const slow = scope().call(addLater, [3, 4], here);
  return Promise.race([quick, slow]);
});
