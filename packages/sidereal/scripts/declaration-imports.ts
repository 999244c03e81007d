/** Finds `from '…'`, `import '…'` and `import('…')`. */
const IMPORT = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"]+)\2/g;

/** The modules that a declaration file imports. */
export function importedModules(text: string): string[] {
  const found: string[] = [];
  rewriteImports(text, (specifier) => {
    found.push(specifier);
    return specifier;
  });
  return found;
}

/** Replaces the module of each import of a declaration file. Examples in comments stay as they are. */
export function rewriteImports(text: string, replace: (specifier: string) => string): string {
  let isComment = false;
  return text
    .split('\n')
    .map((line) => {
      if (line.trimStart().startsWith('/**')) isComment = true;
      const isCode = !isComment;
      if (line.includes('*/')) isComment = false;
      if (!isCode) return line;
      return line.replaceAll(IMPORT, (_match, before: string, quote: string, specifier: string) => {
        return `${before}${quote}${replace(specifier)}${quote}`;
      });
    })
    .join('\n');
}
