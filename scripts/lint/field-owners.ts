import type { SourceFile } from './source-files.ts';
import { syntaxNodes } from './syntax-tree.ts';

/** The public fields of a file's classes that may be written after they are made. */
export function writableFields(file: SourceFile): string[] {
  return [...syntaxNodes(file)].flatMap(({ type, key, readonly }) =>
    type === 'PropertyDefinition' && readonly !== true ? (nameOf(key) ?? []) : [],
  );
}

/** The folders, from `root`, of the files in which each of these fields is written of anything but `this`. */
export function writersOf(files: readonly SourceFile[], root: string, fields: readonly string[]) {
  const folders = new Map(fields.map((field) => [field, new Set<string>()]));
  for (const file of files) {
    const [folder = ''] = file.path.slice(root.length + 1).split('/');
    for (const { type, left, argument } of syntaxNodes(file)) {
      if (type !== 'AssignmentExpression' && type !== 'UpdateExpression') continue;
      const field = fieldOf(type === 'AssignmentExpression' ? left : argument);
      if (field !== undefined) folders.get(field)?.add(folder);
    }
  }
  return new Map([...folders].map(([field, written]) => [field, [...written].toSorted()]));
}

/** The name of a field of an object that is not `this`. */
function fieldOf(target: unknown): string | undefined {
  if (!isPart(target) || target.type !== 'MemberExpression' || target['computed'] === true) return undefined;
  const { object, property } = target;
  return isPart(object) && object.type !== 'ThisExpression' ? nameOf(property) : undefined;
}

function nameOf(part: unknown): string | undefined {
  return isPart(part) && part.type === 'Identifier' && typeof part['name'] === 'string'
    ? part['name']
    : undefined;
}

function isPart(value: unknown): value is { readonly type: string; readonly [part: string]: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
