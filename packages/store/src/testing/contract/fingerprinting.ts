import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compareFingerprints, type CodeFingerprint } from '@sidereal/core';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { declared, later } from './batches.ts';
import type { ContractBench } from './contract-bench.ts';

/** Code is fingerprinted while the store does its other work. */
export function fingerprintingContract(bench: ContractBench): void {
  describe('fingerprints of code', () => {
    test('name the file that has changed', async () => {
      await using folder = await temporaryFolder();
      const tasks = join(folder.path, 'tasks.ts');
      await writeFile(tasks, "import './helper.ts';");
      await writeFile(join(folder.path, 'helper.ts'), '1');
      const modules = [
        { module: 'cube/tasks.ts', url: pathToFileURL(tasks).href },
        { module: '[code]', url: '' },
      ];
      const look = async (): Promise<CodeFingerprint | undefined> =>
        (await bench.store.fingerprint({ root: folder.path, modules }))[0];

      const journal = await bench.newRun();
      const [before] = await Promise.all([look(), journal.append(declared(1), later)]);
      expect(before).toMatchObject({ module: 'cube/tasks.ts', packages: [] });
      expect(before?.files.map(({ path }) => path)).toEqual(['./helper.ts', './tasks.ts']);
      expect(await look()).toEqual(before);

      await writeFile(join(folder.path, 'helper.ts'), 'two');
      const after = await look();
      expect(compareFingerprints(before!, after!)).toBe('./helper.ts has changed');
    });

    test('are refused by a store that is closed', async () => {
      await bench.store.close();
      await expect(bench.store.fingerprint({ root: '/', modules: [] })).rejects.toMatchObject({
        code: 'STORE_CLOSED',
      });
    });
  });
}
