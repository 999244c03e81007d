import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VALUE_STORAGE } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { parseNpy } from '../results/npy.ts';
import { decodeValue } from '../results/value-codec.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const give = task({ name: 'give' }, (value: unknown) => value);
const keep = task({ name: 'keep', persist: true }, (value: unknown) => value);
const wave = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(i));

describe('a value', () => {
  it('that is small lies in the journal', async () => {
    const value = { list: [1, 'two', new Float32Array([3])], when: new Date(0) };
    const { id, record } = await runs.run(flow({ name: 'small' }, async () => give(value)));
    const stored = runs.stored(id, record.node('give').idx);
    expect(stored?.storage).toBe(VALUE_STORAGE.inline);
    expect(decodeValue(stored?.bytes ?? new Uint8Array())).toEqual(value);
    expect(record.node('give').value).toMatchObject({ storage: VALUE_STORAGE.inline });
    expect(decodeValue(runs.stored(id, 0)?.bytes ?? new Uint8Array())).toEqual(value);
  });

  it('that is large is not kept, but shown', async () => {
    const { id, record } = await runs.run(
      flow({ name: 'large' }, async () => void (await give(wave(20_000)))),
    );
    const stored = runs.stored(id, record.node('give').idx);
    expect(stored?.storage).toBe(VALUE_STORAGE.none);
    expect(Buffer.from(stored?.bytes ?? []).toString()).toBe('Float64Array(20000)');
    expect(record.node('give').value?.size).toBe(160_064);
  });

  it.each([
    ['by the task', flow({ name: 'by-task' }, async () => void (await keep(wave(20_000))))],
    [
      'by the call',
      flow({ name: 'by-call' }, async () => void (await give.with({ persist: true })(wave(20_000)))),
    ],
    ['by the flow', flow({ name: 'by-flow', persist: true }, async () => void (await give(wave(20_000))))],
    [
      'by defaults',
      flow(
        { name: 'by-defaults', taskDefaults: { persist: true } },
        async () => void (await give(wave(20_000))),
      ),
    ],
  ])('that is to be kept lies in a file named after what it holds: %s', async (_, keeps) => {
    const { id, record } = await runs.run(keeps);
    const stored = runs.stored(id, record.node(1).idx);
    expect(stored?.storage).toBe(VALUE_STORAGE.file);
    const address = Buffer.from(stored?.bytes ?? []).toString();
    expect(address).toMatch(/^[0-9a-f]{64}\.npy$/);
    const path = join(runs.folder, 'results', address.slice(0, 2), address.slice(2));
    expect(parseNpy(readFileSync(path))).toEqual(wave(20_000));
  });

  it('of any other kind is kept as bytes', async () => {
    const value = { image: wave(20_000), name: 'J1851+0035' };
    const { id, record } = await runs.run(flow({ name: 'kept' }, async () => void (await keep(value))));
    const address = Buffer.from(runs.stored(id, record.node('keep').idx)?.bytes ?? []).toString();
    expect(address).toMatch(/\.bin$/);
    const path = join(runs.folder, 'results', address.slice(0, 2), address.slice(2));
    expect(decodeValue(readFileSync(path))).toEqual(value);
  });

  it('that equals another shares its file', async () => {
    const keeps = flow({ name: 'shares' }, async () => {
      const [one, two] = [wave(20_001), wave(20_001)];
      await Promise.all([keep(one), keep(two), keep(one)]);
    });
    const { id, record } = await runs.run(keeps);
    const addresses = record
      .named('keep')
      .map(({ idx }) => Buffer.from(runs.stored(id, idx)?.bytes ?? []).toString());
    expect(new Set(addresses).size).toBe(1);
    expect(existsSync(join(runs.folder, 'results', addresses[0]?.slice(0, 2) ?? ''))).toBe(true);
  });

  it('that must be kept and cannot be fails its task, without a retry', async () => {
    class Beam {
      readonly width = 3;
    }
    const beam = task({ name: 'beam', persist: true, retries: 3 }, () => new Beam());
    const fields = Object.assign([1], { unit: () => 'Jy' });
    const keeps = flow({ name: 'cannot' }, async () => [
      (await settled(beam())).error,
      (await settled(keep.with({ key: 'fields' })(fields))).error,
    ]);
    const { value, record } = await runs.run(keeps);
    expect(value).toMatchObject([
      {
        code: 'RESULT_NOT_DURABLE',
        message: expect.stringMatching(
          /^beam \([0-9a-f]{8}\) must keep its value, which contains an instance of Beam$/,
        ),
        remedy: expect.stringContaining('plain data'),
      },
      { code: 'RESULT_NOT_DURABLE' },
    ]);
    expect(record.node('beam')).toMatchObject({ state: 'failed', reason: 'result_not_durable', attempt: 1 });
  });

  it('that cannot be kept is passed on all the same', async () => {
    class Beam {
      readonly width = 3;
    }
    const beam = task({ name: 'beam' }, () => new Beam());
    const width = task({ name: 'width' }, (given: Beam) => given instanceof Beam && given.width);
    const { value, record } = await runs.run(flow({ name: 'passes' }, async () => width(beam())));
    expect(value).toBe(3);
    expect(record.node('beam').value).toMatchObject({ storage: VALUE_STORAGE.none });
  });
});

describe('a strict task', () => {
  it('has started in the record before it runs, and ended in the record before anybody sees its value', async () => {
    const seen: unknown[] = [];
    const look = (): string | undefined => runs.record(run.id).states('strict')[0];
    const strict = task({ name: 'strict', identity: 'strict', durability: 'strict' }, () => {
      seen.push(look());
      return 1;
    });
    const use = task({ name: 'use' }, (n: number) => {
      seen.push(look());
      return n;
    });
    const strictly = flow({ name: 'strictly' }, async () => {
      const future = strict();
      await future;
      seen.push(look());
      await use(future);
    });
    const { record } = await runs.run(strictly);
    expect(seen).toEqual(['running', 'completed', 'completed']);
    expect(record.node('strict').flags & 3).toBe(3);
    expect(record.path('strict')).toEqual(['queued', 'running', 'completed']);
  });

  it('that fails has failed in the record before anybody sees it', async () => {
    const seen: unknown[] = [];
    const strict = task({ name: 'strict', identity: 'strict', durability: 'strict' }, () => {
      throw new Error('no');
    });
    const strictly = flow({ name: 'strictly-fails' }, async () => {
      await settled(strict());
      seen.push(runs.record(run.id).states('strict')[0]);
    });
    const { record } = await runs.run(strictly);
    expect(seen).toEqual(['failed']);
    expect(record.path('strict')).toEqual(['queued', 'running', 'failed']);
    expect(record.entries('strict', 'error')).toHaveLength(1);
  });

  it('is tried again like any other, each start in the record first', async () => {
    const seen: unknown[] = [];
    const strict = task({ name: 'strict', identity: 'strict', durability: 'strict', retries: 1 }, () => {
      seen.push(runs.record(run.id).states('strict')[0]);
      if (run.attempt === 1) throw new Error('again');
      return run.attempt;
    });
    const { value, record } = await runs.run(flow({ name: 'strictly-again' }, async () => strict()));
    expect(value).toBe(2);
    expect(seen).toEqual(['running', 'retrying']);
    expect(record.path('strict').at(-1)).toBe('completed');
  });

  it('that leaves a failure behind fails, whatever it returned', async () => {
    const fail = task({ name: 'fail' }, () => {
      throw new Error('child');
    });
    const strict = task({ name: 'strict', identity: 'strict', durability: 'strict' }, async () => {
      fail();
      return 1;
    });
    const { record } = await runs.run(flow({ name: 'strictly-not' }, async () => settled(strict())));
    expect(record.node('strict')).toMatchObject({ state: 'failed', reason: 'unhandled_failure' });
  });
});
