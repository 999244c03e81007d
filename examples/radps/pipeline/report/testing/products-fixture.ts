import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ARCSEC,
  completeCubeFile,
  createCubeFile,
  DEGREE,
  emptyVisibilitySet,
  seededRandom,
  unitTable,
  writeCubePlane,
  writeFitsImage,
  writeObservation,
} from '../../../science/index.ts';
import type { CalibrationTable, FitsImage, Observation } from '../../../science/index.ts';
import { writeTable } from '../../products/calibration-file.ts';
import { STAGES } from '../../products/stage-name.ts';
import type { StageName } from '../../products/stage-name.ts';
import type { ImageFile, StageOutputs, TableFile, VisibilityFile } from '../../products/stage-outputs.ts';
import { stageFolder, writeStageProducts } from '../../products/stage-products.ts';
import type { QaRecord } from '../../products/stage-products.ts';
import { fileName } from '../../visibilities.ts';
import type { ReportFacts } from '../report-facts.ts';

/** How large the products are. */
export interface FixtureShape {
  readonly fields: readonly string[];
  readonly spectralWindows: number;
  readonly channels: number;
  readonly antennas: number;
  readonly size: number;
}

export const SMALL_SHAPE: FixtureShape = {
  fields: ['target 1'],
  spectralWindows: 2,
  channels: 16,
  antennas: 5,
  size: 32,
};

const CELL = 4 * ARCSEC;
const BEAM = { majorRad: 18 * ARCSEC, minorRad: 16 * ARCSEC, positionAngleRad: 0.5 };
const CENTRE = { raRad: 281.5 * DEGREE, decRad: 2.4 * DEGREE };
const NOISE = 0.002;
/** The one source, Jy, and where it is. */
const SOURCE = { name: 'P1', l: 5 * CELL, m: -4 * CELL, fluxJy: 1 };

const CALIBRATORS = ['J1752-2956', 'J1851+0035'];

/** Products as all nine stages leave them, made up: a point source, noise, tables near one. */
export class ProductsFixture {
  readonly products: string;
  readonly shape: FixtureShape;
  readonly #random = seededRandom(7, 'fixture');

  constructor(products: string, shape: FixtureShape = SMALL_SHAPE) {
    this.products = products;
    this.shape = shape;
  }

  async writeAll(qa: Partial<Record<StageName, readonly QaRecord[]>> = {}): Promise<void> {
    const outputs: StageOutputs = {
      'import-calibrators': this.#imported(CALIBRATORS),
      bandpass: await this.#bandpass(),
      'time-gain': await this.#timeGain(),
      'image-calibrators': { images: await this.#images('image-calibrators', CALIBRATORS, [null]) },
      'import-target': this.#imported(this.shape.fields),
      'calibrate-target': await this.#calibrated(),
      cube: await this.#cube(),
      'continuum-selfcal': await this.#selfCal(),
      'continuum-spw': {
        images: await this.#images('continuum-spw', this.shape.fields, this.#windows()),
        selfCalibrated: [...this.shape.fields],
      },
    };
    for (const stage of STAGES) await this.write(stage, outputs[stage], qa[stage] ?? [score(0.95)]);
    const sky = [{ ...SOURCE, referenceHz: 1.4e9, spectralIndex: 0, fwhmRad: 0 }];
    const truth = { fields: this.shape.fields.map((name) => ({ name, sky })), errors: null };
    await mkdir(join(this.products, 'archive'), { recursive: true });
    await writeFile(join(this.products, 'archive', 'truth.json'), JSON.stringify(truth));
  }

  async write<Stage extends StageName>(
    stage: Stage,
    outputs: StageOutputs[Stage],
    qa: readonly QaRecord[],
  ): Promise<void> {
    const folder = stageFolder(this.products, stage);
    await writeStageProducts({ stage, folder, parameters: { size: this.shape.size }, qa, outputs });
  }

  #windows(): number[] {
    return Array.from({ length: this.shape.spectralWindows }, (_, spw) => spw);
  }

  #antennas(): string[] {
    return Array.from(
      { length: this.shape.antennas },
      (_, index) => `A${String(index + 1).padStart(2, '0')}`,
    );
  }

  #frequencies(spw: number): Float64Array {
    return Float64Array.from({ length: this.shape.channels }, (_, at) => 1.4e9 + spw * 8e6 + at * 125e3);
  }

  #files(fields: readonly string[]): VisibilityFile[] {
    return fields.flatMap((field, fieldIndex) =>
      this.#windows().map((spw) => ({
        field,
        fieldIndex,
        spw,
        path: `visibilities/${fileName(field)}.spw${spw}`,
      })),
    );
  }

  #imported(fields: readonly string[]): StageOutputs['import-target'] {
    const parts = { already: 0.01, clipped: 0.02, sumThreshold: 0.015, extended: 0.005, fraction: 0.05 };
    return {
      telescope: 'simulated Y',
      antennas: this.#antennas(),
      fields: [...fields],
      visibilities: this.#files(fields),
      flagging: this.#files(fields).map(({ field, spw }) => ({ field, spw, samples: 12_345, ...parts })),
      positions: { answer: 'corrections', corrections: { A02: [0.02, -0.003, 0.001] } },
    };
  }

  async #tables(
    stage: StageName,
    kind: CalibrationTable['kind'],
    name: string,
    along: 'time' | 'frequency',
  ): Promise<TableFile[]> {
    const files: TableFile[] = [];
    for (const spw of this.#windows()) {
      const table = unitTable(kind, {
        antennas: this.shape.antennas,
        feeds: ['X', 'Y'],
        timeS: along === 'time' ? Float64Array.of(0, 600, 1200) : Float64Array.of(0),
        frequencyHz: along === 'time' ? Float64Array.of(1.4e9) : this.#frequencies(spw),
        referenceAntenna: 0,
      });
      for (const at of table.value.keys())
        table.value[at] = (table.value[at] ?? 0) + 0.1 * this.#random.normal();
      table.snr.fill(50);
      const path = await writeTable(stageFolder(this.products, stage), `${name}.spw${spw}.json`, table);
      files.push({ spw, path });
    }
    return files;
  }

  async #bandpass(): Promise<StageOutputs['bandpass']> {
    return {
      calibrator: CALIBRATORS[0]!,
      fluxJy: 8,
      referenceAntenna: 'A01',
      delays: await this.#tables('bandpass', 'delay', 'delays', 'frequency'),
      bandpass: await this.#tables('bandpass', 'bandpass', 'bandpass', 'frequency'),
      phases: await this.#tables('bandpass', 'phase', 'phases', 'time'),
      changes: [0.02, 0.0004],
      reason: 'converged',
    };
  }

  async #timeGain(): Promise<StageOutputs['time-gain']> {
    return {
      calibrator: CALIBRATORS[1]!,
      fluxJy: 2,
      referenceAntenna: 'A01',
      snr: this.#windows().map((spw) => ({ spw, snr: spw === 0 ? 14 : 6 })),
      threshold: 10,
      choice: 'best_spw',
      bestSpw: 0,
      phases: await this.#tables('time-gain', 'phase', 'phases', 'time'),
      gains: await this.#tables('time-gain', 'gain', 'gains', 'time'),
      changes: [0.01, 0, 0.0001],
      reason: 'converged',
    };
  }

  async #calibrated(): Promise<StageOutputs['calibrate-target']> {
    const folder = stageFolder(this.products, 'calibrate-target');
    const visibilities = this.#files(this.shape.fields);
    for (const { path, spw } of visibilities)
      await writeObservation(join(folder, path), this.#observation(spw));
    const last = this.shape.channels - 1;
    const middle = last >> 1;
    const continuum = visibilities.map(({ field, fieldIndex, spw }) => {
      const hasLine = spw === this.shape.spectralWindows - 1;
      return {
        field,
        fieldIndex,
        spw,
        ranges: hasLine
          ? [
              { from: 0, to: middle - 3 },
              { from: middle + 3, to: last },
            ]
          : [{ from: 0, to: last }],
        hasLine,
        statistic: Array.from({ length: last + 1 }, (_, at) =>
          at === 0 ? null : hasLine && Math.abs(at - middle) < 3 ? 30 : 4,
        ),
        threshold: 6,
        continuumFraction: hasLine ? 0.7 : 1,
      };
    });
    return { visibilities, fallback: ['gain'], continuum, dirtyCubes: [] };
  }

  #observation(spw: number): Observation {
    const names = this.#antennas();
    const some = names.slice(0, 6);
    const baselines = some.flatMap((_, a) => some.slice(a + 1).map((_name, b) => [a, a + 1 + b] as const));
    const set = emptyVisibilitySet(baselines.length * 4, this.#frequencies(spw), ['XX', 'YY']);
    for (let row = 0; row < set.rows; row++) {
      const [first, second] = baselines[row % baselines.length]!;
      set.antenna1[row] = first;
      set.antenna2[row] = second;
      set.uvwM.set([200 * (second - first) + row, 50 * second - row, 0], 3 * row);
    }
    for (const at of set.data.keys()) set.data[at] = at % 2 === 0 ? 1 + 0.1 * Math.sin(at) : 0;
    set.weight.fill(1);
    const antennas = names.map((name): Observation['antennas'][number] => ({ name, position: [0, 0, 0] }));
    const fields = [{ name: 'x', ...CENTRE }];
    const spectralWindows = [{ name: `spw ${spw}`, frequencyHz: set.frequencyHz, channelWidthHz: 125e3 }];
    const header = {
      telescope: 'simulated Y',
      observer: '',
      origin: 'fixture',
      correlations: set.correlations,
    };
    return { ...header, antennas, fields, spectralWindows, sets: [set] };
  }

  #pixels(peakJy: number): Float64Array {
    const { size } = this.shape;
    const x0 = size / 2 - SOURCE.l / CELL;
    const y0 = size / 2 + SOURCE.m / CELL;
    const width = BEAM.minorRad / CELL / 2.355;
    return Float64Array.from({ length: size * size }, (_, at) => {
      const distance = Math.hypot((at % size) - x0, Math.floor(at / size) - y0) / width;
      return peakJy * Math.exp(-0.5 * distance * distance) + NOISE * this.#random.normal();
    });
  }

  #fits(object: string, planes: readonly Float64Array[]): FitsImage {
    const { size } = this.shape;
    const geometry = { size, cellRad: CELL, centre: CENTRE, planes, beam: BEAM } as const;
    const names = { object, telescope: 'simulated Y', observer: '', history: [] };
    return { ...geometry, ...names, unit: 'JY/BEAM', frequencyHz: 1.4e9, frequencyStepHz: 4e6, timeS: 5.3e9 };
  }

  async #images(
    stage: StageName,
    fields: readonly string[],
    windows: readonly (number | null)[],
  ): Promise<ImageFile[]> {
    const images: ImageFile[] = [];
    for (const [fieldIndex, field] of fields.entries()) {
      for (const spw of windows) {
        const name = `images/${fileName(field)}${spw === null ? '' : `.spw${spw}`}`;
        const write = async (kind: string, peakJy: number): Promise<string> => {
          const path = join(stageFolder(this.products, stage), `${name}.${kind}.fits`);
          await writeFitsImage(path, this.#fits(field, [this.#pixels(peakJy)]));
          return `${name}.${kind}.fits`;
        };
        images.push({
          field,
          fieldIndex,
          spw,
          image: await write('image', SOURCE.fluxJy),
          residual: await write('residual', 0),
          dirty: await write('dirty', SOURCE.fluxJy),
          model: await write('model', SOURCE.fluxJy),
          size: this.shape.size,
          cellRad: CELL,
          frequencyHz: 1.4e9 + (spw ?? 0) * 8e6,
          beam: BEAM,
          peakJy: SOURCE.fluxJy,
          noiseJy: NOISE,
          thermalNoiseJy: 0.001,
          snr: SOURCE.fluxJy / NOISE,
          modelFluxJy: SOURCE.fluxJy,
          cycles: [
            { iterations: 30, peakJy: 1, noiseJy: 0.05 },
            { iterations: 120, peakJy: 0.01, noiseJy: NOISE },
          ],
          reason: 'noise',
        });
      }
    }
    return images;
  }

  async #selfCal(): Promise<StageOutputs['continuum-selfcal']> {
    const stage = 'continuum-selfcal';
    const [table] = await this.#tables(stage, 'phase', 'selfcal/1-phase', 'time');
    return {
      images: await this.#images(stage, this.shape.fields, [null]),
      selfCal: this.shape.fields.map((field, fieldIndex) => ({
        field,
        fieldIndex,
        state: 'improved' as const,
        reason: 'stalled',
        cycles: [
          { name: 'start', snr: 120, verdict: 'start' },
          { name: 'phase-scan', snr: 500, verdict: 'improved' },
        ],
        tables: table === undefined ? [] : [table],
      })),
    };
  }

  async #cube(): Promise<StageOutputs['cube']> {
    const folder = stageFolder(this.products, 'cube');
    const { size, channels } = this.shape;
    const cubes: StageOutputs['cube']['cubes'] = [];
    const channel = (channels - 1) >> 1;
    for (const { field, fieldIndex, spw } of this.#files(this.shape.fields)) {
      const name = `${fileName(field)}.spw${spw}`;
      const header = { ...this.#fits(field, []), planes: channels, lowest: 0, highest: 1 };
      const file = await createCubeFile(join(folder, `${name}.cube.fits`), header);
      // Channels far from the peak stay empty: the file takes no room for them.
      for (let at = Math.max(0, channel - 2); at <= Math.min(channels - 1, channel + 2); at++)
        await writeCubePlane(file, at, this.#pixels(0.5));
      await completeCubeFile(file, header);
      await writeFitsImage(join(folder, `${name}.peak.fits`), this.#fits(field, [this.#pixels(0.5)]));
      cubes.push({
        field,
        fieldIndex,
        spw,
        cube: `${name}.cube.fits`,
        peakMap: `${name}.peak.fits`,
        size,
        cellRad: CELL,
        beam: BEAM,
        frequencyHz: [...this.#frequencies(spw)],
        noiseJy: NOISE,
        peak: { l: SOURCE.l, m: SOURCE.m, channel, jy: 0.5 },
        spectrumJy: Array.from({ length: channels }, (_, at) => (at === 0 ? null : at === channel ? 0.5 : 0)),
        snr: 250 - spw,
        cycles: [
          { active: channels, peakJy: 0.5 },
          { active: 3, peakJy: 0.01 },
        ],
        reason: 'converged',
      });
    }
    const subtraction = this.#files(this.shape.fields).map((file) => ({
      ...file,
      fitted: 1000,
      failed: 2,
      reducedChiSquare: 1.01,
    }));
    return { cubes, subtraction, failed: [{ field: this.shape.fields[0]!, spw: 9, why: 'made to fail' }] };
  }
}

/** A score of this value. */
export function score(value: QaRecord['score'], more: Partial<QaRecord> = {}): QaRecord {
  const metric = { name: 'flagged samples', value: 4, unit: '%' };
  return { name: 'flagged', score: value, metric, message: `score ${value}`, scope: { spw: 0 }, ...more };
}

/** A run in which every stage completed. */
export function completedFacts(more: Partial<ReportFacts> = {}): ReportFacts {
  return {
    runId: '20261121t060000-abcdef',
    mode: 'all',
    madeAtMs: Date.UTC(2026, 10, 21, 6),
    parameters: [['image size', '32']],
    versions: [['Node.js', 'v24']],
    stages: STAGES.map((stage, index) => ({ stage, state: 'completed', seconds: index + 0.5 })),
    truth: true,
    ...more,
  };
}
