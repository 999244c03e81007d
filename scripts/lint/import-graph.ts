/**
 * Who imports whom inside a package: of files, and of rooms. The rooms of a folder are its subfolders, each with
 * all that lies in it (`folder/sub/**`), and beside them the files right in the folder, as one room (`folder/*`).
 * What stands above all rooms, a package's entry point, is a room of its own. Everything counts that names another
 * file: values and types, exports from it, `import()` as an expression and as a type.
 */
import { posix } from 'node:path';
import type { Edge } from './cycles.ts';
import type { SourceFile } from './source-files.ts';
import { syntaxNodes, type SyntaxNode } from './syntax-tree.ts';

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

/** An edge for each file that one of these imports, if it is one of these too. */
export function fileImports(files: readonly SourceFile[]): Edge[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => {
    const imported = new Set<string>();
    for (const node of syntaxNodes(file)) {
      const specifier = specifierOf(node);
      if (specifier?.startsWith('.') === true) imported.add(posix.join(posix.dirname(file.path), specifier));
    }
    return [...imported].filter((to) => known.has(to)).map((to) => ({ from: file.path, to, by: [] }));
  });
}

/**
 * An edge for each pair of rooms of one folder of which one imports the other, with the imports that make it. An
 * import counts in the one folder in which its two files lie in different rooms.
 */
export function roomImports(imports: readonly Edge[], entryPoints: ReadonlySet<string>): Edge[] {
  const edges = new Map<string, { from: string; to: string; by: Edge[] }>();
  for (const one of imports) {
    const folder = commonFolder(one.from, one.to);
    const roomOf = (path: string): string => (entryPoints.has(path) ? path : roomIn(folder, path));
    const [from, to] = [roomOf(one.from), roomOf(one.to)];
    if (from === to) continue;
    const edge = edges.get(`${from} ${to}`) ?? { from, to, by: [] };
    edge.by.push(one);
    edges.set(`${from} ${to}`, edge);
  }
  return [...edges.values()];
}

/** The innermost folder that both files lie in, with a slash at its end. */
function commonFolder(one: string, other: string): string {
  const others = other.split('/');
  const parts = one.split('/').slice(0, -1);
  const length = parts.findIndex((part, at) => part !== others[at] || at === others.length - 1);
  const common = length < 0 ? parts : parts.slice(0, length);
  return common.map((part) => `${part}/`).join('');
}

function roomIn(folder: string, path: string): string {
  const [first = '', ...rest] = path.slice(folder.length).split('/');
  return rest.length === 0 ? `${folder}*` : `${folder}${first}/**`;
}

function specifierOf(node: SyntaxNode): string | undefined {
  const { source } = node;
  if (!IMPORTING.has(node.type) || typeof source !== 'object' || source === null) return undefined;
  return 'value' in source && typeof source.value === 'string' ? source.value : undefined;
}
