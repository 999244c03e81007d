import { flow, settled, task } from 'sidereal';

const fails = task({ name: 'fails' }, async (what: string): Promise<number> => {
  throw new RangeError(`left by ${what}`);
});

/** A function that nobody awaits awaits a task that fails. Resolves once that promise has rejected. */
async function detach(what: string): Promise<void> {
  const failing = fails(what);
  void (async () => {
    await failing;
  })();
  await settled(failing);
  await new Promise((resolve) => setImmediate(resolve));
}

const detaches = task({ name: 'detaches' }, async () => {
  await detach('a task');
  return 'fine';
});
const stage = flow({ name: 'stage' }, async () => {
  await detach('a stage');
  return 'fine';
});

const bodies: Readonly<Record<string, () => Promise<unknown>>> = {
  body: async () => {
    await detach('a body');
    return 'fine';
  },
  task: async () => detaches(),
  stage: async () => stage(),
  settled: async () => [(await settled(detaches())).state, (await settled(stage())).state],
  /** Somebody takes the failure, only later. */
  late: async () => {
    const future = fails('late');
    const failing = (async () => future)();
    await settled(future);
    await new Promise((resolve) => setImmediate(resolve));
    return failing.catch(() => 'taken');
  },
};

export const detached = flow(
  { name: 'detached' },
  bodies[process.env['CASE'] ?? ''] ?? (async () => 'no case'),
);

if (import.meta.main) console.log(await detached());
