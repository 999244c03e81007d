import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown, type InputOptions, type OutputOptions, type Plugin } from 'rolldown';
import { z } from 'zod';
import { rewriteWorkerUrls, type WorkerEntry } from './worker-entries.ts';

/** What the bundler made. */
export interface Bundle {
  /** Names of the files. */
  readonly files: readonly string[];
  /** Packages from outside that they import, with the versions that the workspaces ask for. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Bundles the library and the command line into `folder`, with chunks for what they share (the engine must
 * exist once), and each thread's module into one file that imports no other: it starts faster, and a thread
 * needs nothing else of the package.
 */
export async function bundle(root: string, folder: string): Promise<Bundle> {
  const outside = outsideDependencies(root);
  const imported = new Set<string>();
  const workers = new Map<string, WorkerEntry>();
  const options = { root, outside, imported, workers };

  const main = {
    index: join(root, 'packages', 'sidereal', 'src', 'index.ts'),
    cli: join(root, 'packages', 'cli', 'src', 'main.ts'),
  };
  const files = await write(main, { dir: folder, chunkFileNames: '[name]-[hash].js' }, options);

  const done = new Set<string>();
  for (const { source, name } of workers.values()) {
    if (done.has(name))
      throw new Error(`two thread modules are named ${name}.ts; name them apart: ${source}`);
    done.add(name);
    files.push(...(await write({ [name]: source }, { dir: folder, codeSplitting: false }, options)));
  }

  const dependencies = Object.fromEntries([...outside].filter(([name]) => imported.has(name)));
  return { files: files.toSorted(), dependencies };
}

interface Context {
  readonly root: string;
  readonly outside: ReadonlyMap<string, string>;
  /** Filled while bundling. */
  readonly imported: Set<string>;
  readonly workers: Map<string, WorkerEntry>;
}

async function write(
  input: Record<string, string>,
  output: OutputOptions,
  context: Context,
): Promise<string[]> {
  const options: InputOptions = {
    input,
    cwd: context.root,
    platform: 'node',
    external: (id) => isOutside(id, context),
    transform: { target: 'node24' },
    plugins: [workerUrls(context.workers)],
    onLog(level, log) {
      if (level === 'warn') throw new Error(log.message);
    },
  };
  await using build = await rolldown(options);
  const { output: written } = await build.write({ ...output, format: 'esm', entryFileNames: '[name].js' });
  return written.map((file) => file.fileName);
}

function workerUrls(workers: Map<string, WorkerEntry>): Plugin {
  return {
    name: 'worker-urls',
    transform(code, id) {
      const { code: rewritten, entries } = rewriteWorkerUrls(code, id);
      for (const entry of entries) workers.set(entry.source, entry);
      return entries.length > 0 ? rewritten : null;
    },
  };
}

function isOutside(id: string, context: Context): boolean {
  if (isBuiltin(id)) return true;
  const name = id.split('/', id.startsWith('@') ? 2 : 1).join('/');
  if (!context.outside.has(name)) return false;
  context.imported.add(name);
  return true;
}

const manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/** What the workspaces depend on besides each other. */
function outsideDependencies(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const { dependencies } = manifest.parse(JSON.parse(readFileSync(join(root, path), 'utf8')));
    for (const [name, version] of Object.entries(dependencies)) {
      if (name !== 'sidereal' && !name.startsWith('@sidereal/')) found.set(name, version);
    }
  }
  return found;
}
