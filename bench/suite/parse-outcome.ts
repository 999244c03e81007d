import { z } from 'zod';
import type { Outcome } from './outcome.ts';

const seconds = z.number().nonnegative();
const count = z.int().nonnegative();

const outcome: z.ZodType<Outcome> = z.union([
  z.object({ cannot: z.string() }),
  z.object({
    tWorkflow: seconds,
    tSubmit: seconds.exactOptional(),
    tSumTaskTimes: seconds.exactOptional(),
    tasksExecuted: count,
    tasksCached: count,
    check: z.number().exactOptional(),
    recordedAtEnd: count.exactOptional(),
    recordedExpected: count.exactOptional(),
    secondsUntilRecorded: seconds.exactOptional(),
    bytesPerTask: z.number().exactOptional(),
    rssBytesPerTask: z.number().exactOptional(),
    versions: z.record(z.string(), z.string()),
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
]);

/** Reads the outcome from what a system printed: its last line. Throws what is wrong with it. */
export function parseOutcome(stdout: string): Outcome {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw new Error(`the last line of its output is no JSON: ${line.slice(0, 200)}`);
  }
  const parsed = outcome.safeParse(read);
  if (!parsed.success) throw new Error(`its outcome is not as agreed: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
