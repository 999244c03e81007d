import type { SourceFile } from './source-files.ts';
import { syntaxNodes, type SyntaxNode } from './syntax-tree.ts';

/** A name that a file declares or uses, or that it has itself. */
export interface NamedPlace {
  readonly path: string;
  readonly name: string;
}

/** Every name in a file once, and those of the file and its folders; nothing of comments and strings. */
export function namesIn(file: SourceFile): NamedPlace[] {
  const names = new Set<string>(file.path.replace(/\.ts$/, '').split('/'));
  for (const node of syntaxNodes(file)) {
    if (node.type !== 'Identifier' && node.type !== 'PrivateIdentifier') continue;
    if (typeof node['name'] === 'string') names.add(node['name']);
  }
  return [...names].map((name) => ({ path: file.path, name }));
}

const DECLARING = new Set(['ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

/** The classes, interfaces and types that a file declares and exports; not those that it passes on. */
export function exportedTypes(file: SourceFile): NamedPlace[] {
  return [...syntaxNodes(file)]
    .filter(({ type }) => type === 'ExportNamedDeclaration')
    .flatMap(({ declaration }) => declaredName(declaration) ?? [])
    .map((name) => ({ path: file.path, name }));
}

function declaredName(declaration: unknown): string | undefined {
  if (!isDeclaration(declaration) || !DECLARING.has(declaration.type)) return undefined;
  return declaration.id.name;
}

function isDeclaration(value: unknown): value is SyntaxNode & { readonly id: { readonly name: string } } {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('id' in value)) return false;
  const { id } = value;
  return typeof id === 'object' && id !== null && 'name' in id && typeof id.name === 'string';
}
