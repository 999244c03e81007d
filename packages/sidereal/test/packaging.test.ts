/**
 * Builds the package, packs it, installs the tarball in an empty folder, and does there what the README
 * says. Needs no network: the package brings everything that it needs.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Consumer, type Outcome } from './consumer.ts';
import { readmeBlock } from './readme-block.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(root, 'packages', 'sidereal', 'dist');
const packed = z
  .array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

let consumer: Consumer;
let contents: readonly string[];

beforeAll(() => {
  consumer = new Consumer(root);
  expectSuccess(consumer.node(join(root, 'packages', 'sidereal', 'scripts', 'build.ts')));

  const { stdout } = expectSuccess(
    consumer.npm(['pack', '--json', '--pack-destination', consumer.folder], dist),
  );
  const [tarball] = packed.parse(JSON.parse(stdout));
  contents = tarball!.files.map((file) => file.path);

  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  consumer.write('flow.ts', readmeBlock(readme, 'flow.ts'));
  consumer.write('expected.txt', readmeBlock(readme, 'flow.ts prints'));
  const offline = ['install', '--offline', '--no-audit', '--no-fund'];
  expectSuccess(consumer.npm([...offline, `./${tarball!.filename}`, ...otherPackages()]));
});

afterAll(() => consumer[Symbol.dispose]());

function expectSuccess(outcome: Outcome): Outcome {
  expect(outcome, `${outcome.stdout}\n${outcome.stderr}`).toMatchObject({ exitCode: 0 });
  return outcome;
}

/** What the README's pipeline imports besides Sidereal; taken from the repository's dependencies. */
function otherPackages(): string[] {
  const code = readFileSync(join(consumer.folder, 'flow.ts'), 'utf8');
  const names = [...code.matchAll(/from '([^'./][^']*)'/g)].map((match) => match[1]!);
  return names
    .filter((name) => name !== 'sidereal' && !name.startsWith('node:'))
    .map((name) => join(root, 'node_modules', name));
}

function expectReadmeOutput({ stdout }: Outcome): void {
  const expected = readFileSync(join(consumer.folder, 'expected.txt'), 'utf8').trimEnd().split('\n');
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(expected));
}

describe('the package', () => {
  test('holds the built code, README and LICENSE, and nothing else', () => {
    const other = contents.filter((path) => !/^lib\/.+(\.js|\.d\.ts)$/.test(path));
    expect(other.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
  });

  test('brings one file for each kind of thread, which imports nothing but Node.js', () => {
    for (const name of ['thread-entry.js', 'store-thread.js']) {
      const code = readFileSync(join(consumer.folder, 'node_modules', 'sidereal', 'lib', name), 'utf8');
      const imports = [...code.matchAll(/\bfrom\s*"([^"]+)"/g)].map((match) => match[1]!);
      expect(imports.filter((from) => !from.startsWith('node:'))).toEqual([]);
    }
  });

  test('names no package of the repository', () => {
    const lib = join(consumer.folder, 'node_modules', 'sidereal', 'lib');
    const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.[jt]s$/.test(name),
    );
    const naming = files.filter((name) =>
      /(from|import\()\s*["']@sidereal\//.test(readFileSync(join(lib, name), 'utf8')),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(naming).toEqual([]);
  });

  test('installs alone', () => {
    const others = otherPackages().length;
    const installed = readdirSync(join(consumer.folder, 'node_modules')).filter(
      (name) => !name.startsWith('.'),
    );
    expect(installed).toHaveLength(1 + others);
    expect(existsSync(join(consumer.folder, 'node_modules', 'sidereal', 'node_modules'))).toBe(false);
  });
});

describe("the README's pipeline, with the installed package", () => {
  test('runs with node flow.ts', () => {
    expectReadmeOutput(expectSuccess(consumer.node('flow.ts')));
  });

  test('runs with npx sidereal run flow.ts', () => {
    expectReadmeOutput(expectSuccess(consumer.npx('sidereal', 'run', 'flow.ts')));
  });

  test('type-checks against the declarations', () => {
    expectSuccess(consumer.typeCheck('flow.ts'));
  });
});

describe('a wrong argument', () => {
  const head = [
    `import { flow, task } from 'sidereal';`,
    `const double = task(function double(n: number) { return 2 * n; });`,
    `export const twice = flow({ name: 'twice' }, async () => {`,
  ];

  test.each([
    [`  return await double('two');`, 'TS2345'],
    [`  return await double(double('two'));`, 'TS2345'],
    [`  const text: string = await double(2); return text;`, 'TS2322'],
    [`  return await double.map(['two'])`, 'TS2769'],
  ])('does not compile: %s', (line, code) => {
    consumer.write('wrong.ts', [...head, line, '});'].join('\n'));
    const { exitCode, stdout } = consumer.typeCheck('wrong.ts');
    expect(exitCode).not.toBe(0);
    expect(stdout.split('\n').filter((text) => /^\S.*: error TS/.test(text))).toEqual([
      expect.stringMatching(new RegExp(`^wrong\\.ts\\(4,\\d+\\): error ${code}`)),
    ]);
  });

  test('is what fails there, not the rest', () => {
    consumer.write('right.ts', [...head, '  return await double(double(2));', '});'].join('\n'));
    expectSuccess(consumer.typeCheck('right.ts'));
  });
});
