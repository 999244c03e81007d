/** What had ended before the code that holds the thread is killed with it is not done again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStoreReader } from '@sidereal/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench } from './program.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench[Symbol.dispose]());

const PATIENCE_MS = 50_000;
/** 300 items of the map, three of a stage, one that was retried, two strict ones. */
const ENDED = 306;

/** Looks into the store from outside until so many items are recorded as completed. */
async function recorded(folder: string, count: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    using reader = openStoreReader(folder);
    const [latest] = reader.listRuns({ limit: 1 });
    const query = { run: latest?.id ?? '', limit: 1000, kinds: ['task'], states: ['completed'] } as const;
    const items = reader.nodes(query).filter(({ name }) => name === 'item');
    if (items.length >= count) return;
    if (performance.now() > deadline) throw new Error(`${items.length} of ${count} items are recorded`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('300 items of a map, of a stage, retried, strict: each is executed once', async () => {
  const ledger = join(bench.folder, 'ledger');
  const env = { HOW: 'items', FREE: join(bench.folder, 'free'), LEDGER: ledger };
  const store = join(bench.folder, '.sidereal');
  const program = bench.start('node flow.ts', 'holds.ts', { env });
  await program.says('held\n');
  await recorded(store, ENDED);
  program.process.kill('SIGKILL');
  await program.ended;

  // Resumed, it computes again what computed, and is killed once more.
  const again = bench.sidereal(['resume', 'latest'], { env });
  await again.says('held\n');
  again.process.kill('SIGKILL');
  await again.ended;

  writeFileSync(env.FREE, '');
  const { exitCode, stderr } = await bench.sidereal(['resume', 'latest'], { env }).ended;
  expect(stderr).toContain('completed');
  expect(exitCode).toBe(0);
  const executed = readFileSync(ledger, 'utf8').trim().split('\n');
  expect(executed).toHaveLength(ENDED);
  expect(new Set(executed).size).toBe(ENDED);
});
