import { describe, expect, it } from 'vitest';
import { exitsOnce, innocent, leavesErrors } from '../../test-fixtures/engine/stray-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const runner = threads(1);

describe('an error that a task leaves behind on its thread', () => {
  it('is recorded at the task, which has ended, and said with its line; neither that nor the next one fails', async () => {
    const said: string[] = [];
    const { state, value, record } = await runs.run(
      flow({ name: 'leaves', runner }, async () => [await leavesErrors(1), await innocent()]),
      undefined,
      { onRemark: (message) => said.push(message) },
    );
    expect([state, value]).toEqual(['completed', [1, 1]]);
    expect(record.path('leaves-errors')).toEqual(['queued', 'running', 'completed']);
    expect(record.entries('leaves-errors', 'note')).toEqual([
      {
        code: 'stray_error',
        message: expect.stringContaining("task 'leaves-errors' left behind"),
        error: expect.objectContaining({ name: 'RangeError', message: 'left behind 1' }),
      },
    ]);
    expect(record.entries('innocent', 'note')).toEqual([]);
    expect(said).toEqual([
      expect.stringMatching(
        /task 'leaves-errors' left behind .*left behind 1 \(.*stray-tasks\.ts:\d+:\d+\)$/,
      ),
    ]);
  });

  it('does not fill the record, however often it comes', async () => {
    const said: string[] = [];
    const { record } = await runs.run(
      flow({ name: 'leaves-many', runner }, async () => [await leavesErrors(30), await innocent()]),
      undefined,
      { onRemark: (message) => said.push(message) },
    );
    expect(record.entries('leaves-errors', 'note')).toHaveLength(10);
    expect(said).toHaveLength(11);
  });
});

describe('process.exit in a task on a thread', () => {
  it('is a failure of the task, which its own retries mend', async () => {
    const { value, record } = await runs.run(
      flow({ name: 'exits', runner }, async () => [
        (await settled(exitsOnce())).state,
        await exitsOnce.with({ retries: 1 })(),
        await innocent(),
      ]),
    );
    expect(value).toEqual(['failed', 2, 1]);
    const [failed, retried] = record.named('exits-once');
    expect(failed).toMatchObject({ state: 'failed', attempt: 1 });
    expect(record.story(failed!.idx).transitions.at(-1)).toMatchObject({ reason: 'process_exit' });
    expect(record.entries(failed!.idx, 'error')).toEqual([
      expect.objectContaining({
        code: 'PROCESS_EXIT',
        at: expect.stringMatching(/stray-tasks\.ts:\d+:\d+$/),
      }),
    ]);
    expect(retried).toMatchObject({ state: 'completed', attempt: 2 });
  });
});
