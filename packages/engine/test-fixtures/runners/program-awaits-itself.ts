/**
 * Gives instances of its own classes to threads, and gets some back, while its own module is still under evaluation.
 * Importing it does nothing but define.
 */
import { threadsHost } from '../../src/runners/testing/threads-host.ts';
import { define } from './define.ts';
import { Source } from './sources.ts';

const module = import.meta.url;

export class Beam {
  width: number;
  constructor(width: number) {
    this.width = width;
  }
  get area(): number {
    return this.width ** 2;
  }
}
class Local {
  x = 1;
}

const areaOf = define(module, 'area-of', (beam: Beam) => beam.area);
const makeBeam = define(module, 'make-beam', (width: number) => new Beam(width));
const brighten = define(module, 'brighten', (source: Source) => new Source(source.flux + 1));
const takeLocal = define(module, 'take-local', (local: Local) => local.x);
const makeLocal = define(module, 'make-local', () => [new Local()]);

if (import.meta.main) {
  await using slots = threadsHost({ size: 1 });
  // Of `Beam` no instance has been seen yet.
  const made = (await slots.value(makeBeam, 3)) as Beam;
  const source = (await slots.value(brighten, new Source(1))) as Source;
  const codes = [await slots.error(takeLocal, new Local()), await slots.error(makeLocal)];
  console.log(
    JSON.stringify([
      made instanceof Beam && made.area,
      await slots.value(areaOf, new Beam(4)),
      source instanceof Source && source.flux,
      codes.map((error) => (error as { code?: string }).code),
    ]),
  );
}
