import { Redis } from 'ioredis';

const url = process.env['SIDEREAL_BENCH_REDIS'] ?? 'redis://127.0.0.1:6379/9';
const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
redis.on('error', () => undefined);
try {
  await redis.connect();
  await redis.ping();
  redis.disconnect();
} catch (error) {
  console.error(
    `no Redis answers at ${url} (${String(error)}): start one (Debian: apt-get install redis-server; redis-server --daemonize yes) or set SIDEREAL_BENCH_REDIS`,
  );
  process.exit(1);
}
