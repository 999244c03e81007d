/** Instances of several classes, as arguments, results and parts of them. */
import { define } from './define.ts';
import { makeSource, Source } from './sources.ts';

const module = import.meta.url;

export class Beam {
  major: number;
  minor: number;
  constructor(major: number, minor: number) {
    this.major = major;
    this.minor = minor;
  }
  get area(): number {
    return this.major * this.minor;
  }
}
class Elliptic extends Beam {
  angle = 0;
}
export { Elliptic as Ellipse };
export class Grid {
  size = 3;
  readonly beam = new Beam(2, 3);
}

export const areaOf = define(module, 'area-of', (beam: Beam) => beam.area);
export const makeBeams = define(module, 'make-beams', () => ({
  list: [new Beam(1, 2)],
  byName: new Map<string, Beam>([['e', new Elliptic(3, 4)]]),
  grid: new Grid(),
}));
/** Of a class that another module exports. */
export const doubleFlux = define(module, 'double-flux', (source: Source) => new Source(source.flux * 2));
/** Of a class whose module is not imported by name. */
export const makeFar = define(module, 'make-far', () => makeSource(5));
export const failWith = define(module, 'fail-with', () => {
  throw Object.assign(new RangeError('no fit'), { beam: new Beam(5, 6), helper: () => 1 });
});
