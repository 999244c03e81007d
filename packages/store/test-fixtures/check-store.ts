/**
 * Checks a run of a store against its journal and prints what it found as JSON.
 *
 *   node check-store.ts FOLDER RUN
 */
import { openStoreReader } from '../src/reader/store-reader.ts';

const [, , folder = '', run = ''] = process.argv;
using reader = openStoreReader(folder);
const { batches, records, discrepancies } = reader.verify(run);
console.log(JSON.stringify({ batches, records, discrepancies, file: reader.checkFile() }));
