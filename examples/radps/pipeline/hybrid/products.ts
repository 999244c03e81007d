import { basename, join } from 'node:path';
import { artifact, flow, future, run, task } from 'sidereal';
import { z } from 'zod';
import { drawPng, renderHybridReport } from '../../report/index.ts';
import type { StageOutcome } from '../../report/index.ts';
import { describeAssumptions, MICROARCSEC, writeFitsImage } from '../../science/index.ts';
import type { FitsImage } from '../../science/index.ts';
import { isTransient } from '../retries.ts';
import { writeProduct } from '../write-file.ts';
import { withColumns } from './cycle-steps.ts';
import type { Flagged } from './flag.ts';
import { hybridKnobs, hybridOptions, preparationOf } from './hybrid-input.ts';
import type { HybridKnobs } from './hybrid-input.ts';
import type { Imaged } from './image.ts';
import type { Imported } from './import.ts';
import type { Prepared } from './prepare.ts';
import { enlargeMiddle } from './preview.ts';
import { positiveDegrees, ringResult, startResults } from './results.ts';
import type { RingStage } from './ring.ts';
import type { Survey } from './survey.ts';

/** Everything that the stages before have made. */
interface Made {
  readonly imported: Imported;
  readonly flagged: Flagged;
  readonly prepared: Prepared;
  readonly surveyed: Survey;
  readonly imaged: Imaged;
  readonly found: RingStage;
}

/** How the products were made. Of these only the report has the run and the clock: the others are always the same. */
interface Making {
  readonly out: string;
  readonly knobs: HybridKnobs;
  readonly files: readonly string[];
}

/** Products go to disks that may be busy: writing is worth another try when the disk may recover. */
const RETRIES = { limit: 2, delay: '1s', factor: 2, retryIf: isTransient } as const;

function parametersOf({ knobs, files }: Making): [string, string][] {
  const { cycles } = knobs;
  return [
    ['files', files.map((file) => basename(file)).join(', ')],
    ['compact flux density', `${knobs.compactFluxJy} Jy`],
    ['averages', `${knobs.averageS} s`],
    ['systematic error', `${100 * knobs.systematicError} %`],
    ['short baselines', `below ${knobs.shortWavelengths / 1e9} Gλ`],
    ['mask', `${knobs.maskDiameterUas} µas`],
    ['start diameters', `${knobs.startDiametersUas.join(', ')} µas`],
    [
      'cycles',
      `${cycles.phase} of phase, ${cycles.amplitudeAll} of constant amplitude, ${cycles.amplitudeScan} of amplitude by scan`,
    ],
    ['image', `${knobs.size} pixels of ${knobs.cellUas} µas, Briggs weights, robust ${knobs.robust}`],
    ['blurred to', `${knobs.beamUas} µas`],
    ['ring looked for within', `${knobs.ringSearchUas} µas`],
  ];
}

/** The name of the source as part of a path. */
function stemOf({ observation }: Imported): string {
  const stem = (observation.fields[0]?.name ?? '').replaceAll(/[^\w.+-]/g, '_');
  return stem === '' ? 'field' : stem;
}

const ASCII = new Map([
  ['µas', 'uas'],
  ['λ', 'lambda'],
]);

/** Headers of FITS files are ASCII. */
function ascii(text: string): string {
  return text.replaceAll(/µas|λ/g, (word) => ASCII.get(word) ?? word);
}

const writeImages = task(
  { name: 'write-images', on: 'threads', retries: RETRIES },
  async (imported: Imported, { image }: Imaged, making: Making): Promise<string[]> => {
    const { observation } = imported;
    const [centre] = observation.fields;
    if (centre === undefined) return [];
    const common = {
      size: image.size,
      cellRad: image.cellRad,
      centre,
      frequencyHz: image.frequencyHz,
      frequencyStepHz: observation.spectralWindows.reduce(
        (sum, { channelWidthHz, frequencyHz }) => sum + channelWidthHz * frequencyHz.length,
        0,
      ),
      object: centre.name,
      telescope: observation.telescope,
      observer: observation.observer,
      timeS: observation.sets.reduce(
        (first, { timeS }) => timeS.reduce((early, time) => Math.min(early, time), first),
        Infinity,
      ),
      history: [
        'Sidereal, hybrid mapping; the image is the model blurred, without residual',
        'The position is that of the pointing: self-calibration loses the absolute one',
        ...parametersOf(making).map(([name, value]) => ascii(`${name}: ${value}`)),
      ],
    };
    const products: [string, FitsImage][] = [
      ['image', { ...common, planes: [image.blurred], unit: 'JY/BEAM', beam: image.beam }],
      ['residual', { ...common, planes: [image.residual], unit: 'JY/BEAM', beam: image.dirtyBeam }],
      ['dirty', { ...common, planes: [image.dirty], unit: 'JY/BEAM', beam: image.dirtyBeam }],
      ['model', { ...common, planes: [image.model], unit: 'JY/PIXEL' }],
    ];
    const paths: string[] = [];
    for (const [kind, product] of products) {
      const path = join(making.out, `${stemOf(imported)}.${kind}.fits`);
      await writeFitsImage(path, product);
      paths.push(path);
    }
    return paths;
  },
);

const writePreview = task(
  { name: 'write-preview', on: 'threads', retries: RETRIES },
  (imported: Imported, { image }: Imaged, { out, knobs }: Making): Promise<string> => {
    const across = Math.ceil((1.5 * knobs.maskDiameterUas) / knobs.cellUas / 2) * 2;
    const { pixels, size } = enlargeMiddle(image.blurred, image.size, Math.min(image.size, across));
    const high = pixels.reduce((most, value) => Math.max(most, value), 0);
    const png = drawPng(pixels, size, { low: 0, high, stretch: 'linear' });
    return writeProduct(join(out, `${stemOf(imported)}.image.png`), png);
  },
);

const writeRing = task(
  { name: 'write-ring', retries: RETRIES },
  async (
    imported: Imported,
    { starts, chosen }: Survey,
    { ring }: RingStage,
    making: Making,
  ): Promise<string[]> => {
    const rows = startResults(starts, chosen);
    const json = {
      object: imported.observation.fields[0]?.name ?? '',
      isRing: ring !== undefined,
      ring: ring === undefined ? null : ringResult(ring.measured, ring.fit),
      closure: starts[chosen]?.cycles.at(-1)?.closure,
      starts: rows,
      parameters: Object.fromEntries(parametersOf(making)),
    };
    const columns = [
      'start_diameter_uas,chosen,closure_chi2,model_flux_jy,is_ring',
      'diameter_uas,error_uas,width_uas,bright_angle_deg,central_fraction',
    ].join();
    const lines = rows.map(({ measured: found, ...row }) =>
      [
        row.startDiameterUas,
        row.chosen,
        row.closure,
        row.modelFluxJy,
        row.isRing,
        found.diameterUas,
        found.errorUas,
        found.widthUas,
        found.brightAngleDeg,
        found.centralFraction,
      ].join(),
    );
    return [
      await writeProduct(join(making.out, 'ring.json'), `${JSON.stringify(json, undefined, 2)}\n`),
      await writeProduct(join(making.out, 'ring.csv'), `${[columns, ...lines].join('\n')}\n`),
    ];
  },
);

const writeReport = task(
  { name: 'write-report', on: 'threads', retries: RETRIES },
  (made: Made, making: Making, runId: string, madeAtMs: number): Promise<string> => {
    const { imported, flagged, prepared, surveyed, imaged, found } = made;
    const { sets: _sets, ...observation } = imported.observation;
    const { image } = imaged;
    const { starts, chosen } = surveyed;
    const start = starts[chosen];
    const { knobs, out } = making;
    const stages: StageOutcome[] = [imported, flagged, prepared, surveyed, imaged, found].map(
      ({ outcome }) => outcome,
    );
    const html = renderHybridReport({
      title: `${observation.fields[0]?.name ?? 'Observation'}: hybrid mapping`,
      observation,
      before: prepared.sets,
      after: prepared.sets.map((_, set) => withColumns(prepared, start?.columns, set)),
      result: {
        size: image.size,
        cellRad: image.cellRad,
        image: image.blurred,
        beam: image.beam,
        residual: image.residual,
        residualBeam: image.dirtyBeam,
        ...(found.ring === undefined ? {} : { ring: found.ring.measured, fit: found.ring.fit }),
        assumptions: describeAssumptions(
          preparationOf(knobs),
          hybridOptions(knobs, prepared.antennas, 0),
          knobs.startDiametersUas.map((diameter) => diameter * MICROARCSEC),
        ),
      },
      frequencyHz: image.frequencyHz,
      noiseJy: image.noiseJy,
      snr: image.snr,
      starts: starts.map(({ startDiameterUas, cycles, measured, isRing }, index) => ({
        startDiameterUas,
        chosen: index === chosen,
        cycles,
        isRing,
        diameterUas: measured.diameterRad / MICROARCSEC,
        errorUas: measured.diameterErrorRad / MICROARCSEC,
        brightAngleDeg: positiveDegrees(measured.brightAngleRad),
      })),
      amplitudes: start?.amplitudes ?? { timeS: new Float64Array(0), value: new Float64Array(0) },
      flagging: flagged.windows.map(({ report }) => report),
      stages,
      parameters: parametersOf(making),
      versions: [
        ['run', runId],
        ['Node.js', process.version],
      ],
      madeAt: new Date(madeAtMs),
    });
    return writeProduct(join(out, 'report.html'), html);
  },
);

/** Stage: FITS images, a picture, the ring as JSON, the starts as CSV, and the report. */
export const hybridProducts = flow(
  {
    name: 'products',
    input: {
      imported: future<Imported>(),
      flagged: future<Flagged>(),
      prepared: future<Prepared>(),
      surveyed: future<Survey>(),
      imaged: future<Imaged>(),
      found: future<RingStage>(),
      knobs: hybridKnobs,
      files: z.array(z.string()),
      out: z.string(),
    },
  },
  async ({ knobs, files, out, ...made }): Promise<string[]> => {
    const making: Making = { out, knobs, files };
    const images = writeImages(made.imported, made.imaged, making);
    const preview = writePreview(made.imported, made.imaged, making);
    const tables = writeRing(made.imported, made.surveyed, made.found, making);
    const report = writeReport(made, making, run.id, run.now());

    await artifact.image('image', await preview);
    for (const path of await images) await artifact.file(basename(path), path, 'FITS image');
    for (const path of await tables) await artifact.file(basename(path), path, 'the ring, and every start');
    await artifact.file('report', await report, 'one HTML page with pictures');
    return [...(await images), await preview, ...(await tables), await report];
  },
);
