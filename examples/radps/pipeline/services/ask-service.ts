import { SiderealError } from 'sidereal';
import type { z } from 'zod';

/**
 * Asks a service for JSON of a known shape. Throws `SERVICE_UNREACHABLE` when there is no answer in time or not a
 * good one, which may pass; `SERVICE_RUBBISH` when the answer makes no sense, which will not.
 */
export async function askService<Schema extends z.ZodType>(
  url: string,
  schema: Schema,
  options: Readonly<{ timeoutMs: number; signal: AbortSignal }>,
): Promise<z.infer<Schema>> {
  let text: string;
  try {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    const response = await fetch(url, { signal });
    text = await response.text();
    if (!response.ok) throw new Error(`it answered ${response.status} ${text.slice(0, 100)}`);
  } catch (cause) {
    const why =
      cause instanceof Error && cause.name === 'TimeoutError'
        ? `no answer within ${options.timeoutMs / 1000} s`
        : reason(cause);
    throw new SiderealError('SERVICE_UNREACHABLE', `${url} does not answer: ${why}`, {
      cause,
      remedy: 'Look whether the service is up, or give another one: --services URL.',
    });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new SiderealError('SERVICE_RUBBISH', `${url} answers with rubbish: ${text.slice(0, 60)}`, {
      cause,
      remedy: 'Tell the people who run the service.',
    });
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
