import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

/** Line by line what a file of that folder must not import, and what it may. */
const planted = {
  'packages/core/src': {
    refused: ['node:fs', '@sidereal/engine', '@sidereal/store', 'sidereal', '../../engine/src/index.ts'],
    allowed: ['./errors.ts', '../store/row.ts'],
  },
  'packages/engine/src': {
    refused: ['@sidereal/store', '@sidereal/cli', 'sidereal', '../../store/src/index.ts'],
    allowed: ['@sidereal/core', 'node:fs', '../store/row.ts', '../sidereal/name.ts'],
  },
  'packages/store/src': {
    refused: ['@sidereal/engine', '@sidereal/server', 'sidereal', '../../engine/src/index.ts'],
    allowed: ['@sidereal/core', 'node:sqlite'],
  },
  'packages/server/src': {
    refused: ['@sidereal/engine', '@sidereal/cli', 'sidereal'],
    allowed: ['@sidereal/core', '@sidereal/store'],
  },
  'packages/cli/src': {
    refused: ['sidereal', '../../engine/src/index.ts'],
    allowed: ['@sidereal/core', '@sidereal/engine', '@sidereal/store', '@sidereal/server'],
  },
  'packages/sidereal/src': {
    refused: ['../../engine/src/index.ts'],
    allowed: ['@sidereal/engine', '@sidereal/cli'],
  },
  'examples/planted': {
    refused: ['@sidereal/core', '@sidereal/engine', '../../packages/engine/src/index.ts'],
    allowed: ['sidereal', './own.ts', 'node:fs', 'zod'],
  },
} as const;

const findings = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), message: z.string() })),
});

const root = join(import.meta.dirname, '..', '..');
let folder: string;
let refusals: readonly { filename: string; message: string }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidereal-lint-'));
  // Type-aware rules need the dependencies; the imports do not.
  const config = readFileSync(join(root, '.oxlintrc.json'), 'utf8').replace(
    '"typeAware": true',
    '"typeAware": false',
  );
  writeFileSync(join(folder, '.oxlintrc.json'), config);
  for (const [place, { refused, allowed }] of Object.entries(planted)) {
    const path = join(folder, place, 'planted.ts');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, [...refused, ...allowed].map((from) => `import '${from}';\n`).join(''));
  }
  const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'json', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = findings.parse(JSON.parse(stdout));
  refusals = diagnostics.filter((finding) => finding.code === 'eslint(no-restricted-imports)');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(Object.entries(planted))('a file of %s', (place, { refused, allowed }) => {
  const isRefused = (from: string) =>
    refusals.some(
      (finding) => finding.filename.startsWith(place) && finding.message.startsWith(`'${from}' `),
    );

  test.each([...refused])('must not import %s', (from) => {
    expect(isRefused(from)).toBe(true);
  });

  test.each([...allowed])('may import %s', (from) => {
    expect(isRefused(from)).toBe(false);
  });
});
