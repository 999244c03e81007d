/** Where PostgreSQL is, and a peer's own database in it. */
import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT = 'postgresql://postgres@127.0.0.1:5432';

/** What of `pg` is needed here; each peer brings its own version. */
export interface Client {
  connect(): Promise<unknown>;
  query(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  end(): Promise<void>;
}

export type Connect = (url: string) => Client;

export function urlOf(database: string): string {
  const url = new URL(process.env['SIDEREAL_BENCH_POSTGRES'] ?? DEFAULT);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements in a database of their own connection; answers the last one's rows. */
export async function execute(
  connect: Connect,
  database: string,
  ...statements: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const client = connect(urlOf(database));
  await client.connect();
  try {
    let rows: readonly Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

/** An empty database of this name; one that an ended case left is dropped. */
export async function createDatabase(connect: Connect, name: string): Promise<void> {
  await execute(
    connect,
    'postgres',
    `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`,
    `CREATE DATABASE ${name}`,
  );
}

/** Lets connections that are closing close first: forced out, they would report an error. */
export async function dropDatabase(connect: Connect, name: string): Promise<void> {
  const connected = `SELECT FROM pg_stat_activity WHERE datname = '${name}'`;
  for (let turn = 0; turn < 100; turn += 1) {
    if ((await execute(connect, 'postgres', connected)).length === 0) break;
    await sleep(20);
  }
  await execute(connect, 'postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

export async function sizeOf(connect: Connect, name: string): Promise<number> {
  const [row] = await execute(connect, 'postgres', `SELECT pg_database_size('${name}')::float8 AS size`);
  return Number(row?.['size']);
}

/** What the server promises when it says that a transaction is committed. */
export async function durability(connect: Connect): Promise<Record<string, string>> {
  const rows = await execute(
    connect,
    'postgres',
    `SELECT name, setting FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync', 'server_version', 'shared_buffers')`,
  );
  return Object.fromEntries(rows.map(({ name, setting }) => [String(name), String(setting)]));
}
