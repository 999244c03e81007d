import { describe, expect, it } from 'vitest';
import { testStore } from '../testing/test-store.ts';
import { artifact } from './artifact.ts';
import { flow } from './flow.ts';
import { qa } from './qa.ts';
import { run } from './run.ts';
import { settled } from './settled.ts';
import { task } from './task.ts';

const runs = testStore();
const here = expect.stringMatching(/made-things\.test\.ts:\d+:\d+$/);

describe('qa', () => {
  it('is recorded with the run that it judges', async () => {
    const judge = task({ name: 'judge', identity: 'judge' }, async () => {
      await qa({
        name: 'snr',
        score: 0.9,
        metric: { name: 'snr', value: 42, unit: 'dB' },
        scope: { spw: 3 },
      });
      await qa({ name: 'snr', score: null, scope: { spw: 4 }, message: 'flagged' });
      await qa({ name: 'rms', error: 'no image' });
      await qa({ name: 'low', score: 0 });
      await qa({ name: 'high', score: 1 });
    });
    const { record } = await runs.run(flow({ name: 'judges' }, async () => judge()));
    expect(record.entries('judge', 'qa')).toEqual([
      { name: 'snr', score: 0.9, metric: { name: 'snr', value: 42, unit: 'dB' }, scope: { spw: 3 } },
      { name: 'snr', score: null, scope: { spw: 4 }, message: 'flagged' },
      { name: 'rms', error: 'no image' },
      { name: 'low', score: 0 },
      { name: 'high', score: 1 },
    ]);
    const keys = record.story('judge').entries.map(({ key }) => key);
    expect(new Set(keys).size).toBe(5);
  });

  it.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a score of %d', async (score) => {
    const judges = flow({ name: 'judges-wrong' }, async () => qa({ name: 'snr', score }));
    expect(await runs.error(judges)).toMatchObject({
      code: 'INVALID_QA',
      message: `the QA score 'snr' is ${score}`,
      at: here,
    });
  });
});

describe('an artifact', () => {
  it('is recorded with the run that makes it', async () => {
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
    const make = task({ name: 'make' }, async () => {
      await artifact.markdown('note', '# Result');
      await artifact.table('sources', [
        { name: 'a', flux: 1.5 },
        { name: 'b', flux: Number.NaN },
      ]);
      await artifact.image('picture', png);
      await artifact.image('vector', Buffer.from('<svg/>'), 'image/svg+xml');
      await artifact.image('large', 'out/large.png');
      await artifact.file('cube', '/data/cube.fits', 'the cube');
    });
    const { record } = await runs.run(flow({ name: 'makes' }, async () => make()));
    expect(record.entries('make', 'artifact')).toEqual([
      { name: 'note', type: 'markdown', text: '# Result' },
      {
        name: 'sources',
        type: 'table',
        rows: [
          { name: 'a', flux: 1.5 },
          { name: 'b', flux: null },
        ],
      },
      { name: 'picture', type: 'image', mediaType: 'image/png', base64: 'iVBORw==' },
      { name: 'vector', type: 'image', mediaType: 'image/svg+xml', base64: 'PHN2Zy8+' },
      { name: 'large', type: 'image', path: `${process.cwd()}/out/large.png`, mediaType: 'image/png' },
      { name: 'cube', type: 'file', path: '/data/cube.fits', description: 'the cube' },
    ]);
  });

  it.each([
    ['an image', () => artifact.image('bulk', new Uint8Array(2 ** 20))],
    ['a text', () => artifact.markdown('bulk', 'x'.repeat(2 ** 20))],
    [
      'a table',
      () =>
        artifact.table(
          'bulk',
          Array.from({ length: 50_000 }, (_, n) => ({ n, square: n * n })),
        ),
    ],
  ])('that is too large is refused: %s', async (_, make) => {
    const makes = flow({ name: 'makes-bulk' }, async () => make());
    expect(await runs.error(makes)).toMatchObject({
      code: 'ARTIFACT_TOO_LARGE',
      message: expect.stringContaining("'bulk' has "),
      remedy: expect.stringContaining('file'),
      at: here,
    });
  });

  it('is made anew by each attempt of a task', async () => {
    const make = task({ name: 'make', retries: 1 }, async () => {
      await artifact.markdown('note', `attempt ${run.attempt}`);
      if (run.attempt === 1) throw new Error('again');
    });
    const { record } = await runs.run(flow({ name: 'makes-twice' }, async () => settled(make())));
    const made = record.story('make').entries.filter(({ kind }) => kind === 'artifact');
    expect(made.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(new Set(made.map(({ key }) => key)).size).toBe(1);
  });
});
