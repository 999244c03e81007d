import { join } from 'node:path';
import { flow, run, threads } from 'sidereal';
import { flagBands } from './flag.ts';
import { hybridInput } from './hybrid-input.ts';
import type { HybridResult } from './hybrid-result.ts';
import { imageChosen } from './image.ts';
import { importBands } from './import.ts';
import { prepare } from './prepare.ts';
import { hybridProducts } from './products.ts';
import { ringResult, startResults } from './results.ts';
import { findRing } from './ring.ts';
import { survey } from './survey.ts';

/**
 * From a very long baseline array's visibilities to a picture, and to the ring in it if there is one: import, flag,
 * average, hybrid mapping from several starts, choice by closure χ², measurement.
 *
 * What helps it along is stated in the report: the flux of the compact source, the size of the mask, the disks that
 * it starts from.
 */
export const hybridImaging = flow(
  { name: 'hybrid-imaging', version: '1', input: hybridInput, runner: threads() },
  async ({ observations, out: folder, folderPerRun, ...knobs }): Promise<HybridResult> => {
    const out = folderPerRun ? join(folder, run.id) : folder;
    const imported = importBands({ observations });
    const flagged = flagBands({ imported });
    const prepared = prepare({ imported, flagged, knobs });
    const surveyed = survey({ prepared, knobs });
    const imaged = imageChosen({ prepared, surveyed, knobs });
    const found = findRing({ prepared, surveyed, knobs });
    const all = { imported, flagged, prepared, surveyed, imaged, found };
    const made = hybridProducts({ ...all, knobs, files: observations, out });

    // Everything is under way. Awaited in this order, what the flow fails with is what went wrong first.
    const { observation } = await imported;
    await flagged;
    await prepared;
    const { starts, chosen } = await surveyed;
    const { image } = await imaged;
    const { ring } = await found;
    const files = await made;
    const closure = starts[chosen]?.cycles.at(-1)?.closure;
    return {
      out,
      files,
      object: observation.fields[0]?.name ?? '',
      isRing: ring !== undefined,
      ring: ring === undefined ? null : ringResult(ring.measured, ring.fit),
      closure: { chiSquare: closure?.full ?? 0, freedom: closure?.freedom ?? 0 },
      startDiameterUas: starts[chosen]?.startDiameterUas ?? 0,
      starts: startResults(starts, chosen),
      image: {
        size: image.size,
        cellRad: image.cellRad,
        frequencyHz: image.frequencyHz,
        beam: image.beam,
        noiseJy: image.noiseJy,
        modelFluxJy: image.modelFluxJy,
        snr: image.snr,
      },
    };
  },
);
