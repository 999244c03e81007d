/**
 * A campaign of kills: flows of many scenes whose processes are killed at random moments, taken over from, and gone on
 * with, while the record is compared with a ledger kept outside. `SIDEREAL_KILLS` sets how many kills there are,
 * `SIDEREAL_SEED` the plans, `SIDEREAL_CASES=12,40` only these cases of a seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCase } from './case.ts';
import { planOf } from './plan.ts';

const KILLS = Number(process.env['SIDEREAL_KILLS'] ?? 6);
const SEED = Number(process.env['SIDEREAL_SEED'] ?? Date.now() % 2 ** 31);
const ONLY = process.env['SIDEREAL_CASES']?.split(',').map(Number);
/** After so many wrong cases it is clear that something is. */
const ENOUGH = 8;

const root = mkdtempSync(join(tmpdir(), 'sidereal-campaign-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test(`${KILLS} kills lose nothing, repeat nothing and change nothing (seed ${SEED})`, async () => {
  const total = { kills: 0, lives: 0, takeOvers: 0, lost: 0 };
  const wrong: string[] = [];
  let cases = 0;
  const isOver = (): boolean => (ONLY === undefined ? total.kills >= KILLS : cases >= ONLY.length);
  while (!isOver() && wrong.length < ENOUGH) {
    const seed = SEED + (ONLY?.[cases] ?? cases);
    const folder = join(root, `${cases}`);
    const plan = planOf(seed);
    const report = await runCase(plan, folder);
    total.kills += report.kills;
    total.lives += report.lives;
    total.takeOvers += report.takeOvers;
    total.lost += report.lost;
    if (report.problems.length > 0)
      wrong.push(`case ${seed - SEED}: ${JSON.stringify(plan)}\n${report.problems.join('\n')}`);
    rmSync(folder, { recursive: true, force: true });
    cases += 1;
  }
  console.error(
    `${total.kills} kills and ${total.takeOvers} take-overs in ${total.lives} lives of ${cases} runs; ${total.lost} ends not yet recorded when a process was killed`,
  );
  expect(wrong.join('\n\n')).toBe('');
});
