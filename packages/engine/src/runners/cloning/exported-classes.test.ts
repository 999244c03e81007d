import { describe, expect, it } from 'vitest';
import * as beams from '../../../test-fixtures/runners/beams.ts';
import { FarSource, makeSource, Source } from '../../../test-fixtures/runners/sources.ts';
import { ExportedClasses } from './exported-classes.ts';

const beamsModule = beams.areaOf.module;
const sourcesModule = beamsModule.replace('beams.ts', 'sources.ts');

/** Those of modules that can be imported. */
function exportedClasses(): ExportedClasses {
  const classes: ExportedClasses = new ExportedClasses(async (module) => {
    classes.add(module, (await import(module)) as object);
  });
  return classes;
}

describe('exported classes', () => {
  it('are known by the module that exports them and by their own name', async () => {
    const classes = exportedClasses();
    await classes.load(beamsModule);
    expect(classes.load(beamsModule)).toBeUndefined();
    const address = classes.addressOf(beams.Ellipse.prototype);
    expect(address).toEqual({ module: beamsModule, name: 'Elliptic' });
    expect(classes.prototypeAt(address!, undefined)).toBe(beams.Ellipse.prototype);
  });

  it('are found by where their code stands if no module at hand exports them', async () => {
    const classes = exportedClasses();
    const address = classes.addressOf(Object.getPrototypeOf(makeSource(1)) as object);
    expect(address).toEqual({ module: sourcesModule, name: 'FarSource' });
    await classes.prepare([address!]);
    expect(classes.prepare([address!])).toBeUndefined();
    expect(classes.prototypeAt(address!, undefined)).toBe(FarSource.prototype);
  });

  it('are not those of no name, of the language, or of a prototype that is no class', async () => {
    const classes = exportedClasses();
    const nameless = (() =>
      class {
        readonly x = 1;
      })();
    for (const prototype of [nameless.prototype, Map.prototype, { constructor: Source }, {}])
      expect(classes.addressOf(prototype)).toBeUndefined();
  });

  it('are missed with the reason', async () => {
    const classes = exportedClasses();
    const gone = { module: 'file:///nowhere/gone.ts', name: 'Gone' };
    await classes.prepare([gone]);
    expect(() => classes.prototypeAt(gone, 'a.ts:1:1')).toThrow(
      expect.objectContaining({
        code: 'UNCLONEABLE_RESULT',
        at: 'a.ts:1:1',
        message: expect.stringContaining('cannot be imported'),
        cause: expect.any(Error),
      }),
    );
    await classes.load(sourcesModule);
    expect(() => classes.prototypeAt({ module: sourcesModule, name: 'Gone' }, undefined)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('exports no class of that name') }),
    );
  });
});
