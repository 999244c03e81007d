import { openStoreReader } from '@sidereal/store';
import { expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const load = task({ name: 'load', tags: ['io', 'night'] }, (n: number) => n);
const plain = task({ name: 'plain' }, (n: number) => n);
const calls = task({ name: 'calls' }, async () => inTask(1));
const inTask = task({ name: 'in-task', tags: ['deep'] }, (n: number) => n);
const innermost = flow(
  { name: 'innermost', tags: ['third'], taskDefaults: { tags: ['default'] } },
  async () => Promise.all([plain.with({ tags: ['call'] })(1), calls()]),
);
const untagged = flow({ name: 'untagged' }, async () => innermost());
const tagged = flow({ name: 'tagged', tags: ['night', 'survey'] }, async () => {
  await Promise.all([load(1), load.map([1, 2]), plain(2), threaded.add.with({ on: 'threads' })(1, 2)]);
  return untagged.with({ tags: ['redo'] })();
});

/** Tags of all nodes of a name. */
async function tagsOf(name: string): Promise<readonly (readonly string[])[]> {
  const { id } = await runs.run(tagged);
  using reader = openStoreReader(runs.folder);
  return reader.names(id).flatMap((entry) => (entry.name === name ? [entry.tags] : []));
}

it.each([
  ['a task with tags of its own has both', 'load', ['night', 'survey', 'io']],
  ['a task without any has those of the flow', 'plain', ['night', 'survey']],
  ['a task on threads has them too', 'add', ['night', 'survey']],
  [
    'a task in stages has those of all around it, and of their calls',
    'plain',
    ['night', 'survey', 'redo', 'third', 'call'],
  ],
  ['defaults are tags of a task that has none', 'calls', ['night', 'survey', 'redo', 'third', 'default']],
  ['a task called by a task has them too', 'in-task', ['night', 'survey', 'redo', 'third', 'deep']],
  ['a stage has its own', 'innermost', ['third']],
  ['or those of its call', 'untagged', ['redo']],
])('%s', async (_what, name, tags) => {
  expect(await tagsOf(name)).toContainEqual(tags);
});
