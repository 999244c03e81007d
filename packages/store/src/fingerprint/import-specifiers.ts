/*!
 * es-module-lexer, whose code is part of what is built from this module. MIT License.
 *
 * Copyright (C) 2018-2022 Guy Bedford
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
 * documentation files (the "Software"), to deal in the Software without restriction, including without
 * limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
 * the Software, and to permit persons to whom the Software is furnished to do so, subject to the following
 * conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial
 * portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
 * LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO
 * EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN
 * AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE
 * OR OTHER DEALINGS IN THE SOFTWARE.
 */
import { parse } from 'es-module-lexer/js';

/** `require('…')` of CommonJS, and of what `createRequire` gives. */
const REQUIRE = /\brequire(?:\.resolve)?\s*\(\s*(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)\s*\)/g;
/** Imports in a text that the lexer does not understand, such as JSX. */
const IMPORT = /\b(?:from|import)\s*\(?\s*(?:'([^'\n]+)'|"([^"\n]+)")/g;

/**
 * What a source imports when it runs, as it says it, each once: static imports and re-exports, dynamic ones of a
 * literal, and `require` of a literal. Imports of types alone are erased and do not count; what is computed is
 * not followed. TypeScript's types may stand in it.
 *
 * `require` is looked for in the text: one in a comment or a string counts, too, which at worst has a file followed
 * that does not matter.
 */
export function importSpecifiers(source: string): readonly string[] {
  const specifiers = new Set(lexed(source) ?? matches(source, IMPORT));
  for (const specifier of matches(source, REQUIRE)) specifiers.add(specifier);
  return [...specifiers];
}

function lexed(source: string): string[] | undefined {
  let imports;
  try {
    [imports] = parse(source);
  } catch {
    return undefined;
  }
  const specifiers: string[] = [];
  for (const one of imports) {
    if (one.type === 'import-meta' || one.specifier === undefined) continue;
    const isErased = one.type === 'dynamic' ? one.probablyTypeOnly || one.glob : one.typeOnly;
    if (!isErased) specifiers.push(one.specifier);
  }
  return specifiers;
}

function matches(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map(([, single, double, back]) => single ?? double ?? back ?? '');
}
