/**
 * Who imports whom inside a package: of files, and of rooms. A room is the files that lie in one folder, without
 * its subfolders; what stands above all rooms, a package's entry point, is a room of its own. Everything counts
 * that names another file: values and types, exports from it, `import()` as an expression and as a type.
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

/** An edge for each pair of rooms of which one imports the other, with the imports that make it. */
export function roomImports(imports: readonly Edge[], entryPoints: ReadonlySet<string>): Edge[] {
  const roomOf = (path: string): string => (entryPoints.has(path) ? path : `${posix.dirname(path)}/`);
  const apart = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to));
  const byRooms = Map.groupBy(apart, ({ from, to }) => `${roomOf(from)} ${roomOf(to)}`);
  return [...byRooms.values()].flatMap((those) => {
    const [first] = those;
    if (first === undefined) return [];
    return [{ from: roomOf(first.from), to: roomOf(first.to), by: those }];
  });
}

function specifierOf(node: SyntaxNode): string | undefined {
  const { source } = node;
  if (!IMPORTING.has(node.type) || typeof source !== 'object' || source === null) return undefined;
  return 'value' in source && typeof source.value === 'string' ? source.value : undefined;
}
