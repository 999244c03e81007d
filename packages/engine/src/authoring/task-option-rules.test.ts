import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inline } from '../runners/built-in/built-in.ts';
import { flow } from './flow.ts';
import { future } from './flow-schema.ts';
import { group, loop } from './loop.ts';
import { reduce } from './reduce.ts';
import { task } from './task.ts';

const here = expect.stringMatching(/task-option-rules\.test\.ts:\d+:\d+$/);

/** Refused with the user's line, by code, words of the message and words of the remedy. */
function refusal(message: string, remedy = '', code = 'INVALID_OPTION'): Error {
  return expect.objectContaining({
    code,
    at: here,
    message: expect.stringContaining(message),
    remedy: expect.stringContaining(remedy),
  });
}

/** As plain JavaScript calls it: with anything. */
type Anything = Readonly<Record<string, never>>;
const given = (options: Readonly<Record<string, unknown>>): Anything => options as Anything;

describe('options of a task', () => {
  it.each<[Readonly<Record<string, unknown>>, message: string, remedy: string]>([
    [{ retry: 3 }, "has no option 'retry'", 'Did you mean `retries`? It takes '],
    [{ timeOut: '5s' }, "has no option 'timeOut'", 'Did you mean `timeout`?'],
    [{ retriesDelay: 1 }, "has no option 'retriesDelay'", 'Did you mean `retries`?'],
    [{ memory: '1GiB' }, "has no option 'memory'", 'Did you mean `resources: { memory: … }`?'],
    [{ limits: ['vlbi'] }, "has no option 'limits'", 'It takes '],
    [{ cache: true }, "has no option 'cache'", 'It takes '],
    [{ toString: 'x' }, "has no option 'toString'", 'It takes '],
    [{ retries: -1 }, "retries of task 'x' is -1", 'whole number'],
    [{ retries: '3' }, "retries of task 'x' is '3'", 'whole number'],
    [{ retries: {} }, "retries of task 'x' has no limit", 'whole number'],
    [{ retries: { limit: 1.5 } }, "retries.limit of task 'x' is 1.5", 'whole number'],
    [{ retries: { limit: 1, dealy: 2 } }, "retries of task 'x' has no option 'dealy'", '`delay`?'],
    [{ retries: { limit: 1, factor: 0 } }, "retries.factor of task 'x' is 0", 'above 0'],
    [{ retries: { limit: 1, factor: Infinity } }, "retries.factor of task 'x' is Infinity", 'above 0'],
    [{ retries: { limit: 1, jitter: 2 } }, "retries.jitter of task 'x' is 2", '0..1'],
    [{ retries: { limit: 1, delay: '5 parsecs' } }, "retries.delay of task 'x' is '5 parsecs'", "'1.5h'"],
    [{ retries: { limit: 1, delay: '6h' } }, 'longer than maxDelay, which is 1h', "maxDelay: '6h'"],
    [{ retries: { limit: 1, delay: 2000, maxDelay: '1s' } }, 'maxDelay, which is 1s', 'maxDelay: 2000'],
    [{ retries: { limit: 1, retryIf: true } }, "retries.retryIf of task 'x' is true", 'a function'],
    [{ timeout: 'soon' }, "timeout of task 'x' is 'soon'", "'250ms'"],
    [{ timeout: -1 }, "timeout of task 'x' is -1", "'250ms'"],
    [{ resources: { memory: '3 bricks' } }, "resources.memory of task 'x' is '3 bricks'", "'200MiB'"],
    [{ resources: { gpu: 1.5 } }, "resources.gpu of task 'x' is 1.5", 'a whole number, 0 or more'],
    [{ resources: { memry: '1GiB' } }, "resources.memry of task 'x' is '1GiB'", 'only memory is a size'],
    [{ resources: 5 }, "resources of task 'x' is 5", 'an object of amounts'],
    [{ priority: 0.5 }, "priority of task 'x' is 0.5", 'whole number'],
    [{ priority: 2 ** 40 }, "priority of task 'x' is 1099511627776", 'whole number'],
    [{ when: 'never' }, "when of task 'x' is 'never'", "'all_done'"],
    [{ on: 'dask' }, "on of task 'x' is 'dask'", 'one of inline, threads'],
    [{ persist: 'yes' }, "persist of task 'x' is 'yes'", 'true or false'],
    [{ durability: 'high' }, "durability of task 'x' is 'high'", "'strict'"],
    [{ onUnknown: null }, "onUnknown of task 'x' is null", "'rerun'"],
    [{ tags: 'night' }, "tags of task 'x' is 'night'", 'list of texts'],
    [{ tags: ['a\nb'] }, "tags of task 'x' is", 'list of texts'],
    [{ arrays: 'steal' }, "arrays of task 'x' is 'steal'", "'own' or 'borrow'"],
    [{ identity: '' }, "identity of task 'x' is ''", 'a text'],
  ])('are refused at its definition and at a call: %o', (options, message, remedy) => {
    expect(() => task({ name: 'x', ...given(options) }, () => 1)).toThrow(refusal(message, remedy));
    const plain = task({ name: 'x' }, () => 1);
    const atCall = message.replace("task 'x'", "a call of task 'x'");
    expect(() => plain.with(given(options))).toThrow(refusal(atCall, remedy));
  });

  it('that belong elsewhere are refused with their place', () => {
    expect(() => task({ name: 'x', ...given({ key: 'a' }) }, () => 1)).toThrow(
      refusal("'key'", 'task.with({'),
    );
    expect(() => task({ name: 'x', ...given({ after: [] }) }, () => 1)).toThrow(
      refusal("'after'", 'task.with({'),
    );
    const plain = task({ name: 'x' }, () => 1);
    expect(() => plain.with(given({ name: 'y' }))).toThrow(refusal("'name'", 'definition'));
    expect(() => plain.with(given({ after: 5 }))).toThrow(
      refusal('after of a call of task', 'list of futures'),
    );
    expect(() => plain.with(given({ after: [5] }))).toThrow(refusal('after of a call of task'));
    expect(() => plain.with(given({ key: 5 }))).toThrow(refusal('key of a call of task', 'a text'));
    expect(() => plain.with(5 as never)).toThrow(refusal("options of a call of task 'x' are 5"));
  });

  it('that make sense are taken, and undefined ones are left out', () => {
    const all = {
      retries: { limit: 2, delay: '6h', maxDelay: '1d', factor: 1.5, jitter: 0, retryIf: () => true },
      timeout: '1.5h',
      resources: { memory: '1GiB' },
      persist: false,
      durability: 'strict',
      onUnknown: 'rerun',
      priority: -5,
      tags: [],
      arrays: 'borrow',
      identity: 'grid/2',
      when: undefined,
      on: 'threads',
    } as const;
    const { definition, ...made } = task({ name: 'all', ...given(all) }, () => 1);
    expect(definition.options).toEqual({ name: 'all', ...all });
    expect(definition.options).not.toHaveProperty('when');
    expect(made.with({ ...given({ timeout: undefined }), priority: 1 }).call.overrides).toStrictEqual({
      priority: 1,
    });
    expect(made.with({ key: 'a', after: [Promise.resolve()] }).call.overrides).toEqual({ key: 'a' });
  });
});

describe('options of a flow', () => {
  it.each<[Readonly<Record<string, unknown>>, message: string, remedy: string]>([
    [{ runer: inline() }, "flow 'x' has no option 'runer'", '`runner`?'],
    [{ concurency: 2 }, "flow 'x' has no option 'concurency'", '`concurrency`?'],
    [{ on: 'threads' }, "flow 'x' has no option 'on'", 'runner: threads()'],
    [{ key: 'a' }, "flow 'x' has no option 'key'", 'belongs to a call'],
    [{ concurrency: 0 }, "concurrency of flow 'x' is 0", 'whole number'],
    [{ runner: inline(0) }, "runner of flow 'x' is inline(0)", 'of a size of at least 1'],
    [{ runner: 'threads' }, "runner of flow 'x' is 'threads'", 'threads(4)'],
    [{ memory: 'much' }, "memory of flow 'x' is 'much'", "'200MiB'"],
    [{ timeout: -1 }, "timeout of flow 'x' is -1", "'5m'"],
    [{ version: 2 }, "version of flow 'x' is 2", 'a text'],
    [{ input: 'text' }, "input of flow 'x' is 'text'", 'z.object'],
    [{ input: { target: 5 } }, "input of flow 'x' is { target: 5 }", 'z.object'],
    [{ retries: { limit: 1, delay: '2h' } }, "retries.delay of flow 'x'", 'maxDelay'],
    [{ taskDefaults: { retries: -1 } }, "taskDefaults.retries of flow 'x' is -1", 'whole number'],
    [{ taskDefaults: { retry: 1 } }, "taskDefaults of flow 'x' has no option 'retry'", '`retries`?'],
    [{ taskDefaults: { when: 'always' } }, "taskDefaults of flow 'x' has no option 'when'", 'It takes on'],
  ])('are refused with the line: %o', (options, message, remedy) => {
    expect(() => flow({ name: 'x', ...given(options) }, async () => 1)).toThrow(refusal(message, remedy));
  });

  it('may be a schema, or schemas by field', () => {
    const one = flow({ name: 'one', input: z.object({ n: z.number() }) }, async ({ n }) => n);
    const fields = flow(
      { name: 'fields', input: { n: z.number(), v: future<number>() } },
      async ({ n }) => n,
    );
    expect([one.definition.name, fields.definition.name]).toEqual(['one', 'fields']);
  });

  it('at a call as a stage are refused likewise', () => {
    const stage = flow({ name: 'x' }, async () => 1);
    expect(() => stage.with(given({ retry: 1 }))).toThrow(
      refusal("a call of flow 'x' has no option 'retry'"),
    );
    expect(() => stage.with(given({ on: 'threads' }))).toThrow(refusal("'on'", 'runner'));
    expect(() => stage.with(given({ tags: 'a' }))).toThrow(refusal("tags of a call of flow 'x' is 'a'"));
  });
});

describe('what map, reduce, loop and group are given', () => {
  const add = task({ name: 'add' }, (a: number, b: number) => a + b);
  const one = task({ name: 'one' }, (a: number) => a);
  const stage = flow({ name: 'stage', input: z.number() }, async (n) => n);
  const lone = one as unknown as typeof add;

  it.each<[string, () => unknown, Error]>([
    ['items of a map', () => one.map(5 as never), refusal('one.map was given 5', 'array', 'NOT_ITERABLE')],
    ['a text', () => one.map('ab' as never), refusal("one.map was given 'ab'", 'array', 'NOT_ITERABLE')],
    ['items of stages', () => stage.map({} as never), refusal('stage.map was given', '', 'NOT_ITERABLE')],
    [
      'an option of a map',
      () => one.map([1], given({ failfast: true })),
      refusal("'failfast'", '`failFast`?'),
    ],
    ['a function too few', () => one.map([1], 5 as never), refusal('the options of one.map are 5')],
    ['a flag', () => one.map([1], (n) => [n], given({ failFast: 1 })), refusal('failFast of one.map is 1')],
    ['a task option', () => one.map([1], given({ retries: 1 })), refusal("'retries'", 'task.with({')],
    ['an option of a reduce', () => reduce(add, [1], given({ aritty: 2 })), refusal("'aritty'", '`arity`?')],
    ['a small arity', () => reduce(add, [1], given({ arity: 1 })), refusal('is 1', '2 or more')],
    ['a large arity', () => reduce(add, [1], given({ arity: 3 })), refusal('takes 2 arguments', 'pairs')],
    ['one parameter', () => reduce(lone, [1]), refusal('takes 1 argument', '(a, b) => …')],
    ['items of a reduce', () => reduce(add, 5 as never), refusal("reduce with 'add'", '', 'NOT_ITERABLE')],
    ['no task', () => reduce(Math.max as never, [1]), refusal('function max', 'task(add)', 'INVALID_REDUCE')],
    [
      'an option of a loop',
      () => loop('l', given({ maxx: 3 }) as never, () => 1),
      refusal("'maxx'", '`max`?'),
    ],
    ['a loop without end', () => loop('l', {} as never, () => 1), refusal("loop 'l' has no max")],
    ['a loop of nothing', () => loop('l', { max: 0 }, () => 1), refusal("max of loop 'l' is 0", '1 or more')],
    ['no body', () => loop('l', { max: 1 }, undefined as never), refusal('undefined', '', 'INVALID_LOOP')],
    ['no group', () => group('g', 5 as never), refusal('got 5', "group('name'", 'INVALID_GROUP')],
  ])('is refused with the line: %s', (_what, call, error) => {
    expect(call).toThrow(error);
  });

  it('is taken if the function of the task can take it', async () => {
    const any = task({ name: 'any' }, (...all: number[]) => all.reduce((a, b) => a + b, 0));
    const upToThree = task({ name: 'up-to-three' }, (a: number, b: number, c = 0) => a + b + c);
    expect(await reduce(any, [1, 2, 3, 4, 5], { arity: 9 })).toBe(15);
    expect(await reduce(upToThree, [1, 2, 3, 4, 5], { arity: 3, initial: 10 })).toBe(25);
  });
});

describe('a task or flow', () => {
  it('needs a function and a name', () => {
    expect(() => task(() => 1)).toThrow(refusal('needs a name', 'Give it one', 'INVALID_TASK'));
    expect(() => task({ name: 'x' }, 5 as never)).toThrow(refusal('a function, got 5', '', 'INVALID_TASK'));
    expect(() => task('x' as never, () => 1)).toThrow(refusal("options, got 'x'", '', 'INVALID_TASK'));
    expect(() => flow(async () => 1)).toThrow(refusal('needs a name', 'Give it one', 'INVALID_FLOW'));
    expect(() => flow({ name: 'x' }, undefined as never)).toThrow(refusal('undefined', '', 'INVALID_FLOW'));
    expect(() => flow(null as never, async () => 1)).toThrow(
      refusal('options, got null', '', 'INVALID_FLOW'),
    );
  });

  it('takes its name from its function', () => {
    expect(task(function gridChannel() {}).definition.name).toBe('gridChannel');
    expect(flow(async function imageCube() {}).definition.name).toBe('imageCube');
  });
});
