import { join } from 'node:path';
import { artifact, flow, run, task } from 'sidereal';
import { z } from 'zod';
import {
  BANDPASS_FIELD,
  GAIN_FIELD,
  simulateWindow,
  simulatedHeader,
  writeObservation,
} from '../../science/index.ts';
import type { SimulationOptions } from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';
import { fileName } from '../visibilities.ts';
import { writeProduct } from '../write-file.ts';
import { writeArchive } from './archive.ts';
import type { Archive } from './archive.ts';
import { simulationInput, simulationOptions } from './simulation.ts';
import type { SimulationInput } from './simulation.ts';

const archiveFile = (field: string, spw: number): string => `${fileName(field)}.spw${spw}`;

/** Simulates one spectral window and writes it source by source; the same again if it is run again. */
const observeWindow = task(
  { name: 'observe-window', on: 'threads' },
  async (input: SimulationInput, spw: number, folder: string): Promise<void> => {
    const options = simulationOptions(input);
    const header = simulatedHeader(options);
    const { set } = simulateWindow(options, spw);
    const window = header.spectralWindows[spw];
    if (window === undefined) throw new RangeError(`there is no spectral window ${spw}`);
    for (const [field, { name }] of header.fields.entries()) {
      const rows = Int32Array.from(set.field.keys()).filter((row) => set.field[row] === field);
      const part = { ...header, spectralWindows: [window], sets: [selectRows(set, rows)] };
      await writeObservation(join(folder, archiveFile(name, spw)), part, { overwrite: true });
    }
    run.log('observed', { spw, rows: set.rows, channels: set.channels });
  },
);

/** What the archive holds, and what the services of the observatory will say about it. */
const describeArchive = task(
  { name: 'describe-archive' },
  async (input: SimulationInput, folder: string): Promise<void> => {
    const options = simulationOptions(input);
    const header = simulatedHeader(options);
    const archive: Archive = {
      format: 'radps-archive',
      version: 1,
      telescope: header.telescope,
      spectralWindows: header.spectralWindows.length,
      sources: header.fields.map(({ name }, fieldIndex) => ({
        name,
        fieldIndex,
        intent: fieldIndex === BANDPASS_FIELD ? 'bandpass' : fieldIndex === GAIN_FIELD ? 'gain' : 'target',
        files: header.spectralWindows.map((_, spw) => archiveFile(name, spw)),
      })),
    };
    const json = (name: string, value: unknown): Promise<string> =>
      writeProduct(join(folder, name), `${JSON.stringify(value, undefined, 1)}\n`);
    await json('services/antenna-positions.json', { corrections: positionsOf(options) });
    await json('services/catalogue.json', { sources: catalogueOf(options) });
    await json('truth.json', {
      fields: options.fields.map(({ name, sky }) => ({ name, sky })),
      errors: options.errors ?? null,
    });
    await writeArchive(folder, archive);
  },
);

function positionsOf(options: SimulationOptions): Record<string, readonly number[]> {
  const offsets = options.errors?.positionOffsetsM ?? [];
  const { antennas } = simulatedHeader(options);
  return Object.fromEntries(
    antennas.flatMap(({ name }, index) => {
      const offset = offsets[index] ?? [0, 0, 0];
      return offset.some((value) => value !== 0) ? [[name, offset]] : [];
    }),
  );
}

function catalogueOf(options: SimulationOptions): Record<string, { fluxJy: number; spectralIndex: number }> {
  return Object.fromEntries(
    [BANDPASS_FIELD, GAIN_FIELD].flatMap((field) => {
      const source = options.fields[field];
      const [component] = source?.sky ?? [];
      if (source === undefined || component === undefined) return [];
      return [[source.name, { fluxJy: component.fluxJy, spectralIndex: component.spectralIndex }]];
    }),
  );
}

/** Makes the observation that the pipeline is run on, in an archive of its own. Gives the archive's folder. */
export const observe = flow(
  { name: 'observe', input: z.object({ simulation: simulationInput, archive: z.string() }) },
  async ({ simulation, archive }) => {
    const windows = Array.from({ length: simulation.spectralWindows }, (_, spw) => spw);
    await observeWindow.map(windows, (spw) => [simulation, spw, archive]);
    await describeArchive(simulation, archive);
    const options = simulationOptions(simulation);
    await artifact.table(
      'simulated sky',
      options.fields.flatMap(({ name, sky }) =>
        sky.map((component) => ({
          field: name,
          source: component.name,
          fluxJy: component.fluxJy,
          line: component.line === undefined ? '' : `${component.line.peakJy} Jy`,
        })),
      ),
    );
    return archive;
  },
);
