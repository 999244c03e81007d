/** Definitions in all the places where they can stand. */
import { setImmediate } from 'node:timers/promises';
import { flow } from '../../src/authoring/flow.ts';
import { task, type Task } from '../../src/authoring/task.ts';
import { identityOf, type DefinitionIdentity } from '../../src/identity/definition-identity.ts';
import { ModuleNames } from '../../src/identity/module-names.ts';

type AnyTask = Pick<Task<[], number>, 'definition'>;

const defined: Record<string, AnyTask> = { 'top level': task({ name: 'top-level' }, () => 1) };
const stage = flow({ name: 'stage' }, async () => 1);
const two = [1, 2].map((n) => task({ name: `mapped-${n}` }, () => n));
defined['callback, twice'] = two[0]!;
const one = [1].map((n) => task({ name: 'once' }, () => n));
defined['callback, once'] = one[0]!;
for (let n = 0; n < 2; n++) defined['loop'] = task({ name: `turn-${n}` }, () => n);
const arrow = (n: number): AnyTask => task({ name: 'arrow' }, () => n);
defined['arrow factory'] = arrow(1);
function make(n: number): AnyTask {
  return task({ name: 'made' }, () => n);
}
defined['factory'] = make(1);
class Pipeline {
  static readonly field = task({ name: 'field' }, () => 1);
  static {
    defined['static block'] = task({ name: 'block' }, () => 1);
  }
  method(): AnyTask {
    return task({ name: 'method' }, () => 1);
  }
}
defined['static field'] = Pipeline.field;
defined['method'] = new Pipeline().method();
defined['called on the spot'] = (() => task({ name: 'spot' }, () => 1))();
await setImmediate();
defined['after an await'] = task({ name: 'later' }, () => 1);
await new Promise<void>((resolve) => {
  setTimeout(() => {
    defined['timer'] = task({ name: 'timer' }, () => 1);
    resolve();
  });
});
await Promise.resolve().then(() => {
  defined['awaited callback'] = task({ name: 'awaited' }, () => 1);
});
queueMicrotask(() => {
  defined['floating callback'] = task({ name: 'floating' }, () => 1);
});
await setImmediate();
defined['function with an identity'] = ((n: number) => {
  const named = (): AnyTask => task({ name: 'given', identity: 'fit/2' }, () => n);
  return named();
})(2);

/** What is known of each of them, by the place where it stands. */
export function identities(): Record<string, DefinitionIdentity> {
  const modules = new ModuleNames(import.meta.url);
  const all = { ...defined, flow: stage };
  return Object.fromEntries(
    Object.entries(all).map(([place, { definition }]) => [place, identityOf(definition, modules)]),
  );
}

/** Defines a task as a listener or a later call would. */
export function defineLater(): DefinitionIdentity {
  return identityOf(arrow(3).definition, new ModuleNames(import.meta.url));
}

if (import.meta.main) console.log(JSON.stringify(identities()));
