import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { recordedRun, SiderealError } from 'sidereal';
import { z } from 'zod';
import type { MockFailures } from '../pipeline/failures/mock-failure.ts';
import type { PipelineCommand } from './options.ts';

/** Where products go: the folder asked for, or one folder a run in `products`. */
export function outputFolder(out: string | undefined): { out: string; folderPerRun: boolean } {
  return { out: resolve(out ?? 'products'), folderPerRun: out === undefined };
}

/** The pipeline's input. Throws `INPUTS_NOT_FOUND` when `--inputs` is neither a folder nor a run. */
export async function pipelineRunInput(command: PipelineCommand): Promise<Record<string, unknown>> {
  const { mode, only, from, until, skip, services, seed, size, cellArcsec, robust, gainSnr } = command;
  const failures: MockFailures = { stages: [...command.failing], rate: command.failureRate, seed };
  return {
    mode,
    ...defined({ only, from, until, skip }),
    ...outputFolder(command.out),
    ...defined({ inputs: command.inputs === undefined ? undefined : await productsOf(command.inputs) }),
    simulation: {
      seed,
      channels: command.channels,
      spectralWindows: command.spws,
      fields: command.fields,
      antennas: command.antennas,
      visits: command.visits,
      line: command.line,
      positionErrors: services.kind !== 'simulated' || services.positions !== 'none',
    },
    services,
    failures,
    gainSnr,
    imaging: {
      size,
      cellArcsec,
      robust,
      selfCal: mode !== 'cont',
      selfCalSnr: command.selfCalSnr,
      selfCalCycles: command.selfCalCycles,
      ...defined({ failSpw: command.failSpw }),
      onSpwFailure: command.onSpwFailure,
    },
  };
}

function defined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const madeIn = z.object({ out: z.string(), folderPerRun: z.boolean().optional() });

/** The products folder that `--inputs` names: a folder, or that of a run. */
async function productsOf(text: string): Promise<string> {
  const isFolder = await stat(text).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return resolve(text);
  try {
    const { id, input } = await recordedRun(text);
    const { out, folderPerRun } = madeIn.parse(input);
    return folderPerRun === true ? join(out, id) : out;
  } catch (cause) {
    throw new SiderealError('INPUTS_NOT_FOUND', `--inputs ${text} is neither a folder nor a run`, {
      cause,
      remedy: 'Give a products folder, or the id of a run: `npx sidereal runs` lists them.',
    });
  }
}

/** Paths of observations, absolute. Throws `FITS_NOT_FOUND` for one where nothing is. */
export async function observationFiles(files: readonly string[]): Promise<string[]> {
  const paths = files.map((file) => resolve(file));
  for (const path of paths) {
    await stat(path).catch((cause: unknown) => {
      throw new SiderealError('FITS_NOT_FOUND', `there is no file ${path}`, {
        cause,
        remedy: 'Give the path of a UVFITS file, or of an observation folder: --uvfits FILE.',
      });
    });
  }
  return paths;
}
