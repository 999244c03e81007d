import { run, SiderealError } from 'sidereal';
import { z } from 'zod';
import { seededRandom } from '../../science/index.ts';
import type { StageName } from '../products/stage-name.ts';
import { STAGES } from '../products/stage-name.ts';

/** Failures that are made on purpose, to see what the pipeline does about them. */
export const mockFailures = z.object({
  /** Stages whose tasks fail at random; empty: none. */
  stages: z.array(z.enum(STAGES)),
  /** Probability that one attempt of a task fails. */
  rate: z.number().min(0).max(1),
  seed: z.int(),
});
export type MockFailures = z.infer<typeof mockFailures>;

/**
 * Called in a task that talks to the outside world or may run into a busy disk: throws `MOCK_FAILURE` in some of
 * its attempts. Which ones depends on the seed, the task, what it works on (`subject`) and the attempt alone, not on
 * where its files are, so that a run can be repeated elsewhere.
 */
export function failAtRandom(failures: MockFailures, stage: StageName, subject: string): void {
  if (!failures.stages.includes(stage)) return;
  const random = seededRandom(failures.seed, `failure ${stage} ${run.name} ${subject} ${run.attempt}`);
  if (random.uniform() >= failures.rate) return;
  throw new SiderealError('MOCK_FAILURE', `${run.name} was made to fail in attempt ${run.attempt}`, {
    remedy: 'Nothing: --failures asks for this, and the task is tried again.',
  });
}
