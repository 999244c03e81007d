import { run, task } from 'sidereal';
import { z } from 'zod';
import type { ImportOutputs } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { askService } from './ask-service.ts';
import { servicesUrl } from './observatory.ts';
import type { Services } from './observatory.ts';

/** Antennas do not move further than this between a survey and the next, m: larger corrections are rubbish. */
const LARGEST_M = 10;
/** How long to wait for an answer, ms. */
const TIMEOUT_MS = 1500;

const answerSchema = z.object({
  corrections: z.record(
    z.string(),
    z.tuple([z.number(), z.number(), z.number()]).refine((offset) => Math.hypot(...offset) < LARGEST_M),
  ),
});

const ask = task(
  { name: 'query-antenna-positions', on: 'inline', retries: { ...RETRIES, limit: 2 } },
  async (services: Services, archive: string): Promise<z.infer<typeof answerSchema>> => {
    const url = await servicesUrl(services, archive);
    return askService(`${url}/antenna-positions`, answerSchema, {
      timeoutMs: TIMEOUT_MS,
      signal: run.signal,
    });
  },
);

export { ask as queryPositions };

/**
 * What an answer, or the lack of one, means: corrections, none, or nothing that can be used. The pipeline goes on
 * in every case; without corrections the calibration absorbs what it can.
 */
export function understandPositions(
  answer: Readonly<{ value?: z.infer<typeof answerSchema> | undefined; error?: unknown }>,
  antennas: readonly string[],
): ImportOutputs['positions'] {
  if (answer.value === undefined) {
    const problem = answer.error instanceof Error ? answer.error.message : String(answer.error);
    return { answer: 'unusable', problem, corrections: {} };
  }
  const { corrections } = answer.value;
  const unknown = Object.keys(corrections).filter((name) => !antennas.includes(name));
  if (unknown.length > 0) {
    const problem = `it corrects antennas that were not there: ${unknown.join(', ')}`;
    return { answer: 'unusable', problem, corrections: {} };
  }
  return { answer: Object.keys(corrections).length > 0 ? 'corrections' : 'none', corrections };
}
