import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder of real observations for tests, or undefined: `SIDEREAL_TEST_DATA`, or `shared/data` beside the
 * repository. Tests that need it are skipped, and say so, where there is none.
 */
function testDataFolder(): string | undefined {
  const repository = join(import.meta.dirname, '..', '..', '..');
  const folder = process.env['SIDEREAL_TEST_DATA'] ?? join(repository, '..', 'shared', 'data');
  return existsSync(folder) ? folder : undefined;
}

/** The two M87 files of the Event Horizon Telescope's data release 2019-D01-01 (doi:10.3847/2041-8213/ab0c57). */
export function ehtFiles(): { low: string; high: string } | undefined {
  const folder = testDataFolder();
  if (folder === undefined) return undefined;
  const file = (band: string): string =>
    join(folder, 'eht-m87-2017', `SR1_M87_2017_095_${band}_hops_netcal_StokesI.uvfits`);
  if (existsSync(file('lo')) && existsSync(file('hi'))) return { low: file('lo'), high: file('hi') };
  return undefined;
}
