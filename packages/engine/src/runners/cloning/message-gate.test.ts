import { expect, it } from 'vitest';
import { MessageGate } from './message-gate.ts';

const address = (name: string): { module: string; name: string } => ({ module: 'file:///m.ts', name });

it('a gate hands messages on in their order, each once its classes are at hand', async () => {
  const delivered: string[] = [];
  const imports = new Map(['a', 'b'].map((name) => [name, Promise.withResolvers<void>()]));
  const done = new Set<string>();
  const gate = new MessageGate<string>({
    classesIn: (message) => (message.startsWith('plain') ? [] : [address(message)]),
    prepare: ([first]) => (done.has(first!.name) ? undefined : imports.get(first!.name)?.promise),
    deliver: (message) => delivered.push(message),
  });
  const importNow = async (name: string): Promise<void> => {
    done.add(name);
    imports.get(name)?.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  for (const message of ['plain 1', 'a', 'plain 2', 'b', 'a', 'plain 3']) gate.receive(message);
  expect(delivered).toEqual(['plain 1']);
  await importNow('a');
  expect(delivered).toEqual(['plain 1', 'a', 'plain 2']);
  await importNow('b');
  expect(delivered).toEqual(['plain 1', 'a', 'plain 2', 'b', 'a', 'plain 3']);
  gate.receive('plain 4');
  expect(delivered.at(-1)).toBe('plain 4');
});
