import { Redis } from 'ioredis';

/** All keys of the benchmark's queue begin with it. */
export const PREFIX = 'sidereal-bench-bullmq';
export const QUEUE = 'tasks';

export function connect(): Redis {
  // BullMQ asks for `null` in workers: a command waits for the connection instead of failing.
  return new Redis(process.env['SIDEREAL_BENCH_REDIS'] ?? 'redis://127.0.0.1:6379/9', {
    maxRetriesPerRequest: null,
  });
}

/** Does something for all keys of the benchmark, a thousand at a time. */
async function forEachKeys(
  redis: Redis,
  visit: (keys: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${PREFIX}:*`, count: 1000 })) {
    const found = keys as readonly string[];
    if (found.length > 0) await visit(found);
  }
}

export async function clean(redis: Redis): Promise<void> {
  await forEachKeys(redis, (keys) => redis.unlink(...keys));
}

/** Bytes that the benchmark's keys take in Redis: the sum of `MEMORY USAGE … SAMPLES 0`. */
export async function bytesUsed(redis: Redis): Promise<number> {
  let bytes = 0;
  await forEachKeys(redis, async (keys) => {
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.call('MEMORY', 'USAGE', key, 'SAMPLES', '0');
    for (const [, size] of (await pipeline.exec()) ?? []) bytes += Number(size);
  });
  return bytes;
}

/** What Redis would keep of it after a power cut. */
export async function durability(redis: Redis): Promise<Record<string, string>> {
  const read = async (name: string): Promise<string> => {
    const [, value] = (await redis.config('GET', name)) as string[];
    return value === undefined || value === '' ? '(none)' : value;
  };
  return {
    'redis appendonly': await read('appendonly'),
    'redis appendfsync': await read('appendfsync'),
    'redis save': await read('save'),
  };
}
