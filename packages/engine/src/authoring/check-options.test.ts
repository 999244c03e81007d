import { describe, expect, it } from 'vitest';
import { inline } from '../runners/built-in/built-in.ts';
import { flow } from './flow.ts';
import type { FlowOptions } from './flow-definition.ts';
import { task } from './task.ts';
import type { TaskOptions } from './task-definition.ts';

const here = expect.stringMatching(/check-options\.test\.ts:\d+:\d+$/);

describe('options that make no sense', () => {
  it.each<[TaskOptions, string]>([
    [{ retries: -1 }, "retries of task 'x' is -1"],
    [{ retries: { limit: 1.5 } }, "retries of task 'x' is 1.5"],
    [{ retries: { limit: 1, factor: 0 } }, "retries.factor of task 'x' is 0"],
    [{ retries: { limit: 1, jitter: 2 } }, "retries.jitter of task 'x' is 2"],
    [{ retries: { limit: 1, delay: '5 parsecs' as '5s' } }, "retries.delay of task 'x': "],
    [{ timeout: 'soon' as '5s' }, "timeout of task 'x': "],
    [{ resources: { memory: '3 bricks' as '3MiB' } }, "resources.memory of task 'x': "],
    [{ priority: 0.5 }, "priority of task 'x' is 0.5"],
    [{ when: 'never' as 'always' }, "when of task 'x' is never"],
  ])('of a task are refused with the line: %o', (options, message) => {
    const error = { code: 'INVALID_OPTION', message: expect.stringContaining(message), at: here };
    expect(() => task({ name: 'x', ...options }, () => 1)).toThrow(expect.objectContaining(error));
    const plain = task({ name: 'x' }, () => 1);
    expect(() => plain.with(options)).toThrow(expect.objectContaining(error));
  });

  it.each<[FlowOptions, string]>([
    [{ concurrency: 0 }, "concurrency of flow 'x' is 0"],
    [{ runner: inline(0) }, "runner of flow 'x' is inline(0)"],
    [{ memory: 'much' as '1GiB' }, "memory of flow 'x': "],
    [{ timeout: -1 }, "timeout of flow 'x': "],
    [{ taskDefaults: { retries: -1 } }, "retries of task 'x, taskDefaults' is -1"],
  ])('of a flow are refused with the line: %o', (options, message) => {
    expect(() => flow({ name: 'x', ...options, input: undefined } as { name: 'x' }, async () => 1)).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(message),
        at: here,
      }),
    );
  });
});

describe('a task or flow', () => {
  it('needs a function and a name', () => {
    expect(() => task(() => 1)).toThrow(expect.objectContaining({ code: 'INVALID_TASK', at: here }));
    expect(() => task({ name: 'x' }, 5 as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_TASK', at: here }),
    );
    expect(() => flow(async () => 1)).toThrow(expect.objectContaining({ code: 'INVALID_FLOW', at: here }));
    expect(() => flow({ name: 'x' }, undefined as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_FLOW', at: here }),
    );
  });

  it('takes its name from its function', () => {
    expect(task(function gridChannel() {}).definition.name).toBe('gridChannel');
    expect(flow(async function imageCube() {}).definition.name).toBe('imageCube');
  });
});
