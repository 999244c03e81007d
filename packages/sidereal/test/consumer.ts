import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** How a command ended. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder outside of the repository, where someone uses what they installed. */
export class Consumer implements Disposable {
  readonly folder: string;
  readonly #home: string;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.folder = mkdtempSync(join(tmpdir(), 'sidereal-consumer-'));
    this.#home = join(this.folder, '.home');
    mkdirSync(this.#home);
    this.write('package.json', '{ "name": "consumer", "private": true, "type": "module" }\n');
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content);
  }

  /** Runs this Node.js. */
  node(...args: readonly string[]): Outcome {
    return this.#run(process.execPath, args, this.folder);
  }

  /** Runs the npm that started the tests, or the one on the path. */
  npm(args: readonly string[], folder: string = this.folder): Outcome {
    return this.#runNpm('npm-cli.js', 'npm', args, folder);
  }

  /** Runs `npx`, without leave to download. */
  npx(...args: readonly string[]): Outcome {
    return this.#runNpm('npx-cli.js', 'npx', ['--no', ...args], this.folder);
  }

  /** Type-checks files with strict settings, the declarations that they import included. */
  typeCheck(...files: readonly string[]): Outcome {
    const compilerOptions = {
      target: 'es2024',
      lib: ['es2024', 'esnext.disposable'],
      module: 'nodenext',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(this.#root, 'node_modules', '@types')],
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    return this.node(
      join(this.#root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      '.',
      '--pretty',
      'false',
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #runNpm(file: string, name: string, args: readonly string[], folder: string): Outcome {
    const npm = process.env['npm_execpath'];
    if (npm?.endsWith('npm-cli.js') !== true) return this.#run(name, args, folder);
    return this.#run(process.execPath, [join(dirname(npm), file), ...args], folder);
  }

  #run(command: string, args: readonly string[], cwd: string): Outcome {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      timeout: 120_000,
      killSignal: 'SIGKILL',
      env: this.#environment(),
    });
    if (error !== undefined) throw error;
    return { exitCode: status, stdout, stderr };
  }

  /** Without the settings that npm hands to its scripts, and with a home that nobody shares. */
  #environment(): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = {};
    for (const [name, value] of Object.entries(process.env)) {
      if (!name.toLowerCase().startsWith('npm_') && name !== 'INIT_CWD' && !name.startsWith('VITEST')) {
        env[name] = value;
      }
    }
    env['HOME'] = this.#home;
    env['USERPROFILE'] = this.#home;
    env['NO_COLOR'] = '1';
    env['PATH'] = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
    return env;
  }
}
