import pg from 'pg';
import type { Connect } from '../node/postgres.ts';

export const DATABASE = 'sidereal_bench_dbos';
export const connect: Connect = (url) => new pg.Client(url);
