import { afterEach, describe, expect, it } from 'vitest';
import { double, quadruple } from '../../../test-fixtures/runners/authored.ts';
import { orphan } from '../../../test-fixtures/runners/broken.ts';
import { always, conditional } from '../../../test-fixtures/runners/conditional.ts';
import { add } from '../../../test-fixtures/runners/contract-tasks.ts';
import { add as addOnImport } from '../../../test-fixtures/runners/flow-on-import.ts';
import { add as addUnawaited } from '../../../test-fixtures/runners/flow-on-import-unawaited.ts';
import { threadsHost } from '../testing/threads-host.ts';

describe('finding a task in a thread', () => {
  afterEach(() => {
    delete process.env['SIDEREAL_BROKEN'];
  });

  it('works for tasks that are authored at module level, and for those that they call', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(double.definition, 4)).toBe(8);
    expect(await slots.value(quadruple.definition, 4)).toBe(16);
  });

  it.each([
    ['inside a function', { ...add, atModuleLevel: false }],
    ['outside of any module', { ...add, module: '' }],
  ])('is not tried for a task defined %s', async (_where, task) => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(task, 1, 2)).toMatchObject({
      code: 'CLOSURE_ON_THREADS',
      at: add.at,
      remedy: expect.stringContaining('module level'),
    });
  });

  it('says so when the module does not define it there', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(conditional!)).toMatchObject({
      code: 'TASK_NOT_FOUND',
      at: conditional!.at,
      message: expect.stringContaining("'conditional'"),
    });
    expect(await slots.value(always)).toBe(2);
    expect(await slots.error({ ...always, name: 'renamed' })).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('says so when the module cannot be imported, with the cause, each time', async () => {
    process.env['SIDEREAL_BROKEN'] = 'yes';
    await using slots = threadsHost({ size: 1 });
    for (let time = 0; time < 2; time++) {
      expect(await slots.error(orphan)).toMatchObject({
        code: 'TASK_MODULE_FAILED',
        at: orphan.at,
        cause: { name: 'RangeError', message: 'this module does not load' },
      });
    }
    const gone = { ...add, module: new URL('gone.ts', import.meta.url).href };
    expect(await slots.error(gone)).toMatchObject({
      code: 'TASK_MODULE_FAILED',
      cause: { code: 'ERR_MODULE_NOT_FOUND' },
    });
  });

  it.each([
    ['awaits', addOnImport],
    ['starts in passing', addUnawaited],
  ])('says so when the module %s a flow while it is imported', async (_how, task) => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(task.definition, 1, 2)).toMatchObject({
      code: 'FLOW_CALLED_ON_IMPORT',
      at: expect.stringMatching(/flow-on-import.*\.ts:\d+:\d+$/),
      remedy: expect.stringContaining('import.meta.main'),
    });
  });
});
