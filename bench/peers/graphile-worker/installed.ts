import { execute, urlOf } from '../node/postgres.ts';
import { connect } from './database.ts';

try {
  const [row] = await execute(
    connect,
    'postgres',
    'SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user',
  );
  if (row?.['may'] !== true) throw new Error('its user may not create databases');
} catch (error) {
  console.error(
    `PostgreSQL at ${urlOf('postgres')} cannot be used (${String(error)}): start one (Debian: apt-get install postgresql; pg_ctlcluster 15 main start) or set SIDEREAL_BENCH_POSTGRES to a user that may create databases`,
  );
  process.exit(1);
}
