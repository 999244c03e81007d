import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, startRun, threads } from 'sidereal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STAGE_TITLES, STAGES } from '../products/stage-name.ts';
import { stageFolder } from '../products/stage-products.ts';
import { completedFacts, ProductsFixture, score, SMALL_SHAPE } from './testing/products-fixture.ts';
import { composeReport, report } from './write-report.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The page without its pictures. */
const textOf = (html: string): string => html.replaceAll(/data:[^"]*/g, '');
const titlesOf = (html: string): string[] =>
  [...html.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title!);
const rowOf = (html: string, title: string): string =>
  [...html.matchAll(/<tr>.*?<\/tr>/g)].find(([row]) => row.includes(` ${title}</td>`))?.[0] ?? '';

const ALL_SECTIONS = [
  'Pipeline',
  'Imported data',
  'Bandpass',
  'Gain over time',
  'Calibrators',
  'Calibrated visibilities',
  'Line-free channels',
  'Spectral cubes',
  'Continuum images',
  'Images by spectral window',
  'Against the simulated sky',
  'Parameters and versions',
  'Files',
];

describe('the report of a whole run', () => {
  let products: string;
  let html: string;
  beforeAll(async () => {
    products = join(folder, 'whole');
    await new ProductsFixture(products, { ...SMALL_SHAPE, fields: ['tar<get> & "1"'] }).writeAll();
    const { definition } = report;
    const flow = { ...definition, options: { ...definition.options, runner: threads(1) } };
    const store = await openStore(join(folder, 'store'));
    try {
      const input = {
        products,
        facts: completedFacts({ parameters: [['note', '<script>alert(1)</script>']] }),
      };
      const { value, error } = await startRun(flow, input, { store, validate: true }).outcome;
      expect(error).toBeUndefined();
      expect(value).toBe(join(products, 'report.html'));
    } finally {
      await store.close();
    }
    html = await readFile(join(products, 'report.html'), 'utf8');
  });

  it('has every section, with figures that have numbers', () => {
    expect(titlesOf(html)).toEqual(ALL_SECTIONS);
    expect(textOf(html)).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const text of [
      'Residual',
      'Convergence of CLEAN',
      'u, v coverage',
      'amplitude against u, v distance',
      'right ascension (ICRS)',
      'Spectrum at the peak',
      'threshold 6',
      '1 of 2 windows reach 10: the best of them, 0, is solved and stands for all',
      'Ones were applied in place of missing tables: gain',
      'made to fail',
      '120 → 500',
      'P1',
    ])
      expect(html, text).toContain(text);
  });

  it('needs nothing else, and makes no markup of names', () => {
    expect(html).not.toMatch(/<script|<link|<iframe|@import|url\(|\son\w+=/);
    expect(html).not.toMatch(/(src|href)="(?!#|data:image\/png|\.\/)/);
    expect(html).not.toContain('tar<get>');
    expect(html).toContain('tar&#60;get&#62; &#38; &#34;1&#34;');
    expect(html).toContain('&#60;script&#62;');
  });

  it('links files by paths that hold where the folder is moved to', async () => {
    const moved = join(folder, 'moved');
    await rename(products, moved);
    const links = [...html.matchAll(/href="(\.\/[^"]*)"/g)].map(([, link]) => decodeURIComponent(link!));
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) expect(existsSync(join(moved, link)), link).toBe(true);
    await rename(moved, products);
  });

  it('finds the simulated source where it is', () => {
    const [row] = html.match(/<tr><td>[^<]*<\/td><td>P1<\/td>.*?<\/tr>/)!;
    const numbers = [...row.matchAll(/class="n">([^<]*)</g)].map(([, number]) => number!);
    expect(Number(numbers[2])).toBeGreaterThan(0.95);
    expect(Number(numbers[2])).toBeLessThan(1.05);
    expect(Number(numbers[3])).toBeLessThan(0.1);
  });
});

describe('the states of stages and their scores', () => {
  it('are told apart', async () => {
    const products = join(folder, 'states');
    const fixture = new ProductsFixture(products);
    await fixture.writeAll({
      'import-calibrators': [score(0.95), score(0.5, { message: 'half of it' }), score(null)],
      bandpass: [score('failed', { message: 'scoring failed: no number' })],
      'time-gain': [score(null, { message: 'nothing to judge' })],
      'import-target': [score(0.665)],
      'calibrate-target': [score(0.2)],
    });
    await rm(stageFolder(products, 'cube'), { recursive: true });
    await rm(stageFolder(products, 'continuum-spw'), { recursive: true });
    const facts = completedFacts();
    const change = { cube: 'skipped', 'continuum-selfcal': 'failed', 'continuum-spw': 'not run' } as const;
    const html = await composeReport(products, {
      ...facts,
      stages: facts.stages.map((entry) => ({
        ...entry,
        state: change[entry.stage as keyof typeof change] ?? entry.state,
        ...(entry.stage === 'cube' ? { reason: 'there is no spectral line' } : {}),
        ...(entry.stage === 'continuum-selfcal' ? { reason: 'the disk is full' } : {}),
      })),
    });
    const row = (stage: keyof typeof STAGE_TITLES): string => rowOf(html, STAGE_TITLES[stage]);
    expect(row('import-calibrators')).toContain('class="chip poor">0.50 poor · low<');
    expect(row('import-calibrators')).toContain('half of it');
    expect(row('bandpass')).toContain('scoring failed');
    expect(row('time-gain')).toContain('class="chip none">not applicable<');
    expect(row('import-target')).toContain('class="chip fair">0.66 fair · low<');
    expect(row('calibrate-target')).toContain('class="chip bad">0.20 bad · low<');
    expect(row('cube')).toMatch(/skipped<.*there is no spectral line/);
    expect(row('continuum-selfcal')).toMatch(
      /chip bad">failed<.*the disk is full; products of an earlier run are there, and not shown/,
    );
    expect(row('continuum-spw')).toMatch(/chip none">not run</);
    for (const stage of STAGES) expect(row(stage)).not.toBe('');
    expect(titlesOf(html)).toEqual(
      ALL_SECTIONS.filter((title) => !/cubes|Continuum images|Images by|simulated sky/.test(title)),
    );
    expect(html).toContain('All 8 QA scores (3 low, 1 failed)');
    // The picture says it in words, too.
    expect(html).toContain('Cube imaging: skipped, not judged');
    expect(html).toContain('Bandpass solve: completed, scoring failed');
  });

  it('do not need any products', async () => {
    const html = await composeReport(join(folder, 'nothing'), completedFacts({ stages: [] }));
    expect(titlesOf(html)).toEqual(['Pipeline', 'Parameters and versions']);
    expect(html.match(/chip none">not run</g)).toHaveLength(9);
  });

  it('are shown though products are damaged, and that is told', async () => {
    const products = join(folder, 'damaged');
    await new ProductsFixture(products).writeAll();
    await writeFile(join(stageFolder(products, 'bandpass'), 'stage.json'), '{ "format": ');
    await rm(join(stageFolder(products, 'image-calibrators'), 'images', 'J1752-2956.image.fits'));
    const html = await composeReport(products, completedFacts());
    expect(rowOf(html, STAGE_TITLES.bandpass)).toContain('its products cannot be shown');
    expect(titlesOf(html)).toEqual(ALL_SECTIONS.filter((title) => title !== 'Bandpass'));
    expect(html).toMatch(/This cannot be drawn: .*J1752-2956\.image\.fits cannot be read/);
  });
});

describe('the report of a large run', () => {
  it('has a bounded number of figures and bytes', { timeout: 120_000 }, async () => {
    const products = join(folder, 'large');
    const fields = ['target 1', 'target 2', 'target 3', 'target 4'];
    const shape = { fields, spectralWindows: 8, channels: 1000, antennas: 36, size: 32 };
    const many = Array.from({ length: 1000 }, (_, index) => score(index === 999 ? 0.1 : 0.95));
    await new ProductsFixture(products, shape).writeAll({ 'calibrate-target': many });
    const html = await composeReport(products, completedFacts());
    expect(html.length).toBeLessThan(15e6);
    expect(html.match(/<figure/g)!.length).toBeLessThan(120);
    expect(html).toContain('The first 2 of 8 windows are drawn. The first 30 of 36 antennas are drawn.');
    expect(html).toContain('The first 6 of 32 windows are shown.');
    expect(html).toContain('The first 3 of 32 cubes are shown.');
    expect(html).toContain('608 others are left out');
    expect(html).toContain('0.10 bad · low');
    expect(html).toMatch(/and \d+ more/);
  });
});
