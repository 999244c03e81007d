import { NOT_INSTALLED } from '@sidereal/core';
import type { CodeFiles } from './code-files.ts';

/** A file and what it imports. */
export interface CodeNode {
  /** The file's name in the record. */
  readonly name: string;
  /** Empty if the file is not there. */
  readonly digest: string;
  /** Paths of the project's files that it imports. */
  readonly files: readonly string[];
  /** `name@version` of the packages that it imports. */
  readonly packages: readonly string[];
}

/** The imports among the files of a project, each file looked at once. */
export class CodeGraph {
  readonly #files: CodeFiles;
  readonly #nodes = new Map<string, CodeNode>();

  constructor(files: CodeFiles) {
    this.#files = files;
  }

  node(path: string): CodeNode {
    let node = this.#nodes.get(path);
    if (node === undefined) {
      node = this.#look(path);
      this.#nodes.set(path, node);
    }
    return node;
  }

  #look(path: string): CodeNode {
    const source = this.#files.read(path);
    const files: string[] = [];
    const packages: string[] = [];
    for (const specifier of source?.imports ?? []) {
      const target = this.#files.resolve(specifier, path);
      if (target.type === 'file') files.push(target.path);
      else if (target.type === 'package') packages.push(`${target.name}@${target.version}`);
      else if (target.type === 'missing') packages.push(`${target.specifier}@${NOT_INSTALLED}`);
    }
    return { name: this.#files.nameOf(path), digest: source?.digest ?? '', files, packages };
  }
}
