/** Failures, skips, retries, and the rules that decide what they start. */
import { flow, run, settled, skip, task } from '../../../src/index.ts';
import { add, double, doubling, echo, fail } from './arithmetic.ts';
import { anything } from './anything.ts';

class ArchiveError extends Error {
  readonly code = 'E_ARCHIVE';
  readonly file: string;
  constructor(file: string) {
    super(`${file} is not in the archive`, { cause: new RangeError('no such row') });
    this.name = 'ArchiveError';
    this.file = file;
  }
}

const archive = task({ name: 'archive' }, (file: string): number => {
  throw new ArchiveError(file);
});
const throws = task({ name: 'throws' }, (what: unknown): number => {
  throw what;
});
const throwsUndefined = task({ name: 'throws-undefined' }, (): number => {
  throw undefined;
});
const flaky = task({ name: 'flaky', retries: 2 }, (good: number) => {
  if (run.attempt < good) throw new RangeError(`attempt ${run.attempt}`);
  return run.attempt;
});
const unretried = task(
  {
    name: 'unretried',
    retries: { limit: 3, retryIf: (error) => (error as { code?: string }).code !== 'E_ARCHIVE' },
  },
  (): number => {
    throw new ArchiveError('a.ms');
  },
);
const retriedByCode = task(
  {
    name: 'retried-by-code',
    retries: { limit: 3, retryIf: (error) => (error as { code?: string }).code === 'E_ARCHIVE' },
  },
  () => {
    if (run.attempt < 3) throw new ArchiveError('b.ms');
    return run.attempt;
  },
);
const skips = task({ name: 'skips' }, (n: number): number => skip(`no data for ${n}`));
const tellsStates = task({ name: 'tells-states', when: 'all_done' }, (...seen: { state: string }[]) =>
  seen.map(({ state }) => state),
);
const cleans = task({ name: 'cleans', when: 'all_done' }, (_seen: unknown) => 'cleaned');
const onFailure = task({ name: 'on-failure', when: 'all_failed' }, (_seen: unknown) => 'all failed');
const onNoFailure = task({ name: 'on-no-failure', when: 'none_failed' }, (_seen: unknown) => 'none failed');
const untilStopped = task(
  { name: 'until-stopped', timeout: 60 },
  async (): Promise<number> =>
    new Promise((_, reject) => {
      run.signal.addEventListener('abort', () => reject(run.signal.reason as Error));
    }),
);

export const uncaught = flow({ name: 'uncaught' }, async () => add(1, fail('too large')));
export const caught = flow({ name: 'caught' }, async () => {
  try {
    return await fail('too large');
  } catch (error) {
    return [error instanceof RangeError, (error as Error).message];
  }
});
export const carried = flow({ name: 'carried' }, async () => {
  const seen = await settled(add(double(fail('far up')), 1));
  return [seen.state, (seen.error as { code?: string } | undefined)?.code];
});
export const unhandled = flow({ name: 'unhandled' }, async () => {
  void fail('unseen');
  return 1;
});
export const bodyThrows = flow({ name: 'body-throws' }, async () => {
  await add(1, 2);
  throw new TypeError('the body');
});
export const ownFields = flow({ name: 'own-fields' }, async () => {
  const { error } = await settled(archive('a.ms'));
  const { name, message, code, file, cause } = error as unknown as ArchiveError & { cause: Error };
  return [name, message, code, file, cause instanceof RangeError, cause.message];
});
export const ownClass = flow({ name: 'own-class' }, async () => {
  const { error } = await settled(archive('a.ms'));
  return [error instanceof Error, error instanceof ArchiveError];
});
export const errorAsInput = flow({ name: 'error-as-input' }, async () => {
  const seen = (await echo(settled(archive('a.ms')))) as { error: ArchiveError };
  return [seen.error.code, seen.error.message];
});
export const thrownText = flow({ name: 'thrown-text' }, async () =>
  (await settled(throws('out of range'))).error?.message.includes('out of range'),
);
export const thrownObject = flow({ name: 'thrown-object' }, async () => {
  const { state, error } = await settled(throws({ code: 42, why: 'x' }));
  return [state, error instanceof Error];
});
export const thrownNull = flow({ name: 'thrown-null' }, async () => (await settled(throws(null))).state);
export const thrownUndefined = flow(
  { name: 'thrown-undefined' },
  async () => (await settled(throwsUndefined())).state,
);
export const thrownNumber = flow({ name: 'thrown-number' }, async () => throws(42));
export const retried = flow({ name: 'retried' }, async () => flaky(3));
export const exhausted = flow({ name: 'exhausted' }, async () => {
  const { state, error } = await settled(flaky(9));
  return [state, error?.message];
});
export const notRetried = flow({ name: 'not-retried' }, async () => (await settled(unretried())).state);
export const byCode = flow({ name: 'by-code' }, async () => retriedByCode());
export const retriesAtCall = flow(
  { name: 'retries-at-call' },
  async () => (await settled(flaky.with({ retries: 0 })(2))).state,
);
export const delayed = flow({ name: 'delayed' }, async () =>
  flaky.with({ retries: { limit: 2, delay: 5, factor: 2 } })(3),
);
export const skipped = flow({ name: 'skipped' }, async () => (await settled(skips(1))).state);
export const skippedOnwards = flow(
  { name: 'skipped-onwards' },
  async () => (await settled(add(double(skips(1)), 1))).state,
);
export const skipAwaited = flow({ name: 'skip-awaited' }, async () => skips(1));
export const stageSkips = flow({ name: 'stage-skips' }, async () => (await settled(skipping(1))).state);
const skipping = flow({ name: 'skipping', input: anything<number>() }, async (n) => skips(n));
export const allDone = flow({ name: 'all-done' }, async () =>
  tellsStates(double(1) as never, fail('one') as never, skips(1) as never),
);
export const cleanUp = flow({ name: 'clean-up' }, async () => {
  const failed = fail('one');
  const cleaned = cleans(failed as never);
  return [await cleaned, (await settled(failed)).state];
});
export const allFailed = flow({ name: 'all-failed' }, async () => [
  await onFailure([fail('one'), fail('two')] as never),
  (await settled(onFailure([double(1)] as never))).state,
]);
export const noneFailed = flow({ name: 'none-failed' }, async () => [
  await onNoFailure([double(1), skips(2)] as never),
  (await settled(onNoFailure([double(1), fail('one')] as never))).state,
]);
export const afterFailure = flow({ name: 'after-failure' }, async () => {
  const failed = fail('first');
  const seen = await settled(double.with({ after: [failed] })(1));
  return [seen.state, await double.with({ after: [failed], when: 'all_done' })(2)];
});
const failing = flow({ name: 'failing', input: anything<number>() }, async (n) => {
  await doubling(n);
  throw new RangeError('the stage');
});
export const stageFails = flow({ name: 'stage-fails' }, async () => {
  const seen = await settled(failing(1));
  return [seen.state, seen.error?.message];
});
const careless = flow({ name: 'careless', input: anything<number>() }, async (n) => {
  void fail('inside');
  return n;
});
export const stageUnhandled = flow({ name: 'stage-unhandled' }, async () => {
  const seen = await settled(careless(1));
  return [seen.state, (seen.error as { code?: string } | undefined)?.code];
});
export const heedsTimeout = flow({ name: 'heeds-timeout' }, async () => {
  const seen = await settled(untilStopped());
  return [seen.state, (seen.error as { code?: string } | undefined)?.code];
});
const secondTry = flow({ name: 'second-try', input: anything<number>(), retries: 1 }, async (n) => {
  const doubled = await double(n);
  if (run.attempt === 1) throw new RangeError('once');
  return doubled;
});
export const stageRetried = flow({ name: 'stage-retried' }, async () => secondTry(4));
