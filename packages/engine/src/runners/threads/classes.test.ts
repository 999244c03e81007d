import { describe, expect, it } from 'vitest';
import * as beams from '../../../test-fixtures/runners/beams.ts';
import { keptLength, makeLocal, unexported } from '../../../test-fixtures/runners/memory.ts';
import { FarSource, makeSource, Source } from '../../../test-fixtures/runners/sources.ts';
import { threadsHost } from '../testing/threads-host.ts';

class Nowhere {
  readonly x = 1;
}

describe('the class of an instance', () => {
  it('is kept where a module exports it, as an argument and in a result, under whatever name', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(beams.areaOf, new beams.Beam(2, 3))).toBe(6);
    const { list, byName, grid } = (await slots.value(beams.makeBeams)) as {
      list: beams.Beam[];
      byName: Map<string, beams.Beam>;
      grid: beams.Grid;
    };
    expect(list[0]).toBeInstanceOf(beams.Beam);
    expect(list[0]?.area).toBe(2);
    expect(byName.get('e')).toBeInstanceOf(beams.Ellipse);
    expect(byName.get('e')?.area).toBe(12);
    expect(grid).toBeInstanceOf(beams.Grid);
    expect(grid.beam.area).toBe(6);
  });

  it('is kept where its module defines no task', async () => {
    await using slots = threadsHost({ size: 1 });
    const doubled = await slots.value(beams.doubleFlux, new Source(2));
    expect(doubled).toBeInstanceOf(Source);
    expect(doubled).toMatchObject({ flux: 4, isBright: true });
    expect(await slots.value(beams.makeFar)).toBeInstanceOf(FarSource);
    expect(await slots.value(beams.doubleFlux, makeSource(1))).toMatchObject({ flux: 2 });
  });

  it('keeps one that is not exported from travelling', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.error(unexported, { local: makeLocal() })).toMatchObject({
      code: 'UNCLONEABLE_ARGUMENT',
      at: unexported.at,
      message: expect.stringContaining(
        "args[0].local of task 'unexported' is an instance of Local, a class that no module exports",
      ),
    });
    // Of the module of this test, nobody has looked at the exports yet: the thread does, and finds none.
    expect(await slots.error(unexported, new Nowhere())).toMatchObject({
      code: 'UNCLONEABLE_ARGUMENT',
      at: unexported.at,
      message: expect.stringContaining('an instance of Nowhere'),
    });
    expect(await slots.value(keptLength)).toBeUndefined();
  });

  it('is kept in the field of an error, which leaves behind what cannot travel', async () => {
    await using slots = threadsHost({ size: 1 });
    const error = await slots.error(beams.failWith);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toHaveProperty('beam.area', 30);
    expect(error).not.toHaveProperty('helper');
  });

  it('keeps a job’s messages in order while its module is imported', async () => {
    await using slots = threadsHost({ size: 2 });
    const areas = Array.from({ length: 40 }, (_, n) => slots.value(beams.areaOf, new beams.Beam(n, 2)));
    expect(await Promise.all(areas)).toEqual(areas.map((_, n) => 2 * n));
  });
});

describe('a call that could never reach a thread', () => {
  const at = (): string => 'flow.ts:3:1';

  it('is refused with its own line and the path of the field', async () => {
    await using slots = threadsHost({ size: 1 });
    const { runner } = slots;
    expect(runner.refusal?.(beams.areaOf, [1, { model: { fn: () => 1 } }], at)).toMatchObject({
      code: 'UNCLONEABLE_ARGUMENT',
      at: 'flow.ts:3:1',
      message: expect.stringContaining("args[1].model.fn of task 'area-of' is the function 'fn'"),
    });
    await slots.value(keptLength);
    expect(runner.refusal?.(unexported, [[makeLocal()]], () => undefined)).toMatchObject({
      at: unexported.at,
      message: expect.stringContaining('args[0][0] of'),
    });
  });

  it('is not refused for a class that is exported, for errors, futures or shared memory', async () => {
    await using slots = threadsHost({ size: 1 });
    const args = [
      new beams.Beam(1, 2),
      Object.assign(new Error('x'), { helper: () => 1 }),
      [Promise.resolve(1)],
      new SharedArrayBuffer(8),
    ];
    expect(slots.runner.refusal?.(beams.areaOf, args, at)).toBeUndefined();
  });
});
