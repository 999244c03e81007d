/** The whole authoring API, as a pipeline uses it: what it costs the compiler is budgeted. */
import {
  artifact,
  eachSettled,
  flow,
  future,
  group,
  inline,
  loop,
  qa,
  reduce,
  run,
  settled,
  skip,
  sleep,
  task,
  threads,
  type Settled,
} from '../../src/index.ts';
import type { StandardSchema } from '../../src/index.ts';

interface Visibilities {
  readonly channels: number;
  readonly data: readonly Float64Array[];
  readonly weights: { readonly byAntenna: readonly number[] };
}
interface Target {
  readonly name: string;
  readonly spw: readonly { readonly id: number; readonly channels: number }[];
}

declare const target: StandardSchema<Target>;
declare const count: StandardSchema<number>;

const importData = task(
  { name: 'import-data', retries: { limit: 3, delay: '2s', factor: 2, jitter: 0.2 }, timeout: '5m' },
  async (source: string): Promise<Visibilities> => {
    run.log('imports', { source });
    await sleep('1s');
    return { channels: 4, data: [], weights: { byAntenna: [] } };
  },
);
const flag = task({ name: 'flag' }, (vis: Visibilities, limits: { low: number; high: number }) =>
  limits.low > limits.high ? skip('nothing to flag') : vis,
);
const grid = task(
  { name: 'grid', on: 'threads', resources: { memory: '200MiB' } },
  (vis: Visibilities, c: number) => {
    run.progress(c, vis.channels);
    return new Float64Array(4);
  },
);
const transform = task({ name: 'transform' }, (plane: Float64Array) => plane.map(Math.abs));
const addImages = task({ name: 'add-images' }, (a: Float64Array, b: Float64Array) =>
  a.map((x, i) => x + (b[i] ?? 0)),
);
const measure = task({ name: 'measure' }, (image: Float64Array) => ({
  snr: image[0] ?? 0,
  rms: image[1] ?? 0,
}));
const report = task(
  { name: 'report', when: 'all_done' },
  (outcomes: Settled<{ snr: number }>[]) => outcomes.length,
);
const publish = task({ name: 'publish', durability: 'strict' }, async (image: Float64Array, name: string) => {
  await artifact.markdown('published', `${name} ${image.length} ${run.idempotencyKey}`);
  return name;
});

const imageChannel = flow(
  { name: 'image-channel', input: { channel: count, vis: future<Visibilities>() } },
  async ({ channel, vis }) => transform(grid(vis, channel)),
);

const selfCalibrate = flow({ name: 'self-calibrate', input: target }, async ({ name }) => {
  let best = 0;
  const { value, reason } = await loop('self-cal', { max: 5 }, async (cycle) => {
    const { snr } = await measure(transform(grid(importData(name), cycle.index)));
    cycle.metric('snr', snr);
    if (snr < 1.05 * best) cycle.exit('converged');
    best = Math.max(best, snr);
    return snr;
  });
  return { value, reason };
});

export const imageCube = flow(
  {
    name: 'image-cube',
    input: target,
    runner: threads(16),
    taskDefaults: { retries: 2, timeout: '10m' },
    concurrency: 8,
  },
  async ({ name, spw }) => {
    const vis = flag(importData(name), { low: 0, high: Promise.resolve(1) });
    const cubes = await group('cubes', () =>
      Promise.all(
        spw.map(({ channels }) => {
          const planes = grid.map(range(channels), (c) => [vis, c], { key: (c) => `${c}` });
          return reduce(addImages, transform.map(planes), { arity: 2 });
        }),
      ),
    );
    const stages = imageChannel.map(range(4), (channel) => ({ channel, vis }));
    const figures = measure.map(stages);
    const outcomes = await eachSettled(figures);
    const counted = report([...outcomes, measure(new Float64Array(2))]);
    const single = await settled(measure.with({ priority: 5, after: [counted] })(reduce(addImages, stages)));
    await qa({ name: 'cube', score: 0.9, metric: { name: 'snr', value: single.value?.snr ?? 0, unit: '' } });
    const calibrated = selfCalibrate.with({ retries: 1 })({
      name: publish(cubes[0] ?? new Float64Array(), name),
      spw,
    });
    return { outcomes: outcomes.length, reason: (await calibrated).reason, counted: await counted };
  },
);

export const local = flow({ name: 'local', runner: inline(4) }, async () =>
  imageCube({ name: 'x', spw: [] }),
);

function* range(length: number): Generator<number> {
  for (let i = 0; i < length; i += 1) yield i;
}
