/**
 * What every store must do, whatever it is built on. Run against each implementation:
 *
 *   journalStoreContract('SQLite', openHarness);
 */
import { afterEach, beforeEach, describe } from 'vitest';
import { appendingContract } from './contract/appending.ts';
import { brokenBatchesContract } from './contract/broken-batches.ts';
import { closingContract } from './contract/closing.ts';
import { commandsContract } from './contract/commands.ts';
import { ContractBench, type StoreHarness } from './contract/contract-bench.ts';
import { exactlyOnceContract } from './contract/exactly-once.ts';
import { fingerprintingContract } from './contract/fingerprinting.ts';
import { laterVersionsContract } from './contract/later-versions.ts';
import { resumingContract } from './contract/resuming.ts';
import { valuesContract } from './contract/values.ts';

/** Declares the suite for one kind of store; each test has a harness of its own. */
export function journalStoreContract(name: string, openHarness: () => Promise<StoreHarness>): void {
  describe(`${name}: the contract of a journal store`, () => {
    const bench = new ContractBench();
    beforeEach(async () => {
      await bench.open(await openHarness());
    });
    afterEach(async () => {
      await bench.close();
    });
    appendingContract(bench);
    exactlyOnceContract(bench);
    brokenBatchesContract(bench);
    valuesContract(bench);
    resumingContract(bench);
    laterVersionsContract(bench);
    commandsContract(bench);
    fingerprintingContract(bench);
    closingContract(bench);
  });
}
