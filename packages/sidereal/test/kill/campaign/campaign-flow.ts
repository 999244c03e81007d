/**
 * The program that the campaign kills: it starts a run of a flow of scenes, or goes on with the one run of its store.
 *
 *     node campaign-flow.ts <store folder> <waves of scenes, JSON> start|resume|retry [take-over]
 */
import { openStoreReader } from '@sidereal/store';
import { flow, openStore, RESUME, startRun, threads, type RunOptions } from 'sidereal';
import { errand } from './ledger.ts';
import { scenes, type Parts, type Scene } from './scenes.ts';

type Waves = readonly (readonly Scene[])[];

const anyWaves = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) => ({ value: value as Waves }),
    types: undefined as { readonly input: Waves; readonly output: Waves } | undefined,
  },
};

function failBefore(wave: number): void {
  if (errand.failsBefore === wave) throw new Error('the archive is not mounted');
}

export const campaign = flow(
  { name: 'campaign', input: anyWaves, concurrency: 6, runner: threads(2) },
  async (waves) => {
    const parts: Parts[] = [];
    for (const [number, wave] of waves.entries()) {
      failBefore(number);
      parts.push(...(await Promise.all(wave.map(async ({ kind, n, on }) => scenes[kind](n, on)))));
    }
    failBefore(waves.length);
    return parts;
  },
);

if (import.meta.main) {
  const [, , folder = '', waves = '[]', verb = 'start', takeOver = ''] = process.argv;
  await using store = await openStore(folder);
  const resume = (): Pick<RunOptions, 'resume'> => {
    using reader = openStoreReader(folder);
    const [latest] = reader.listRuns({ limit: 1 });
    const rules = { ...RESUME, retryFailed: verb === 'retry' };
    return { resume: { runId: latest?.id ?? '', rules, takeOver: takeOver !== '' } };
  };
  const outcome = await startRun(campaign.definition, JSON.parse(waves), {
    store,
    ...(verb === 'start' ? {} : resume()),
  }).outcome;
  if (outcome.error !== undefined) console.error(outcome.error);
  const { state, value, error } = outcome;
  console.log(JSON.stringify({ state, value, code: (error as { code?: string } | undefined)?.code }));
}
