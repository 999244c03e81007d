import { run, task } from 'sidereal';
import { z } from 'zod';
import { failAtRandom } from '../failures/mock-failure.ts';
import type { MockFailures } from '../failures/mock-failure.ts';
import type { StageName } from '../products/stage-name.ts';
import { RETRIES } from '../retries.ts';
import { askService } from './ask-service.ts';
import { servicesUrl } from './observatory.ts';
import type { Services } from './observatory.ts';

const TIMEOUT_MS = 5000;

const fluxSchema = z.object({ fluxJy: z.number().positive(), spectralIndex: z.number() });
export type CalibratorFlux = z.infer<typeof fluxSchema>;

/** Flux density (at 1.4 GHz) and spectral index of a calibrator, from the catalogue. */
export const queryCatalogue = task(
  { name: 'query-catalogue', on: 'inline', retries: RETRIES },
  async (
    services: Services,
    archive: string,
    source: string,
    stage: StageName,
    failures: MockFailures,
  ): Promise<CalibratorFlux> => {
    failAtRandom(failures, stage, source);
    const url = await servicesUrl(services, archive);
    return askService(`${url}/catalogue?source=${encodeURIComponent(source)}`, fluxSchema, {
      timeoutMs: TIMEOUT_MS,
      signal: run.signal,
    });
  },
);
