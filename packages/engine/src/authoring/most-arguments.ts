/**
 * How many arguments a function can take, read from its text: `length` stops at the first default and leaves
 * out rest parameters. Optional parameters of TypeScript are parameters like others once types are stripped.
 *
 *     (a, b = [1, 2], c) => …          3
 *     (a, ...more) => …                any number
 *     function () { … arguments … }    any number: it cannot be told
 */

/** The most arguments that a function of this text looks at; infinite if that cannot be told. */
export function mostArguments(text: string): number {
  // Native and bound functions do not tell, and who reads `arguments` may read any number of them.
  if (/\[native code\]\s*\}\s*$/.test(text) || /\barguments\b/.test(text)) return Number.POSITIVE_INFINITY;
  const start = parametersStart(text);
  if (start === undefined) return Number.POSITIVE_INFINITY;
  // An arrow with one bare parameter: `n => …`, `async n => …`.
  if (start === BARE) return 1;
  return countParameters(text, start);
}

const BARE = -1;

/** Index behind the bracket that opens the parameters. */
function parametersStart(text: string): number | undefined {
  for (let at = 0; at < text.length;) {
    const next = skipTrivia(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const char = text[at];
    if (char === '(') return at + 1;
    if (text.startsWith('=>', at)) return BARE;
    if (char === '{') return undefined;
    // The computed name of a method may hold anything.
    at = char === '[' ? skipNested(text, at) : char === "'" || char === '"' ? skipText(text, at) : at + 1;
  }
  return undefined;
}

function countParameters(text: string, start: number): number {
  let count = 0;
  let isBegun = false;
  for (let at = start; at < text.length;) {
    const next = skipTrivia(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const char = text[at] ?? '';
    if (char === ')') return isBegun ? count + 1 : count;
    if (!isBegun && text.startsWith('...', at)) return Number.POSITIVE_INFINITY;
    if (char === ',') {
      count += 1;
      isBegun = false;
      at += 1;
      continue;
    }
    at = skipPart(text, at, isBegun);
    isBegun = true;
  }
  return Number.POSITIVE_INFINITY;
}

/** Index behind one part of a parameter: a bracket with all in it, a text, a regular expression, or a letter. */
function skipPart(text: string, at: number, isBegun: boolean): number {
  switch (text[at]) {
    case '(':
    case '[':
    case '{':
      return skipNested(text, at);
    case "'":
    case '"':
      return skipText(text, at);
    case '`':
      return skipTemplate(text, at);
    case '/':
      return isBegun && beginsRegExp(text, at) ? skipRegExp(text, at) : at + 1;
    default:
      return at + 1;
  }
}

/** Behind white space and comments. */
function skipTrivia(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text[at] ?? '')) at += 1;
  if (text.startsWith('/*', at)) return behind(text, '*/', at + 2);
  if (text.startsWith('//', at)) return behind(text, '\n', at + 2);
  return at;
}

function behind(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from);
  return at < 0 ? text.length : at + end.length;
}

/** Behind the bracket that closes the one at `start`. */
function skipNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const next = skipTrivia(text, at);
    if (next !== at) {
      at = next;
      continue;
    }
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else {
      at = skipPart(text, at, true);
      continue;
    }
    at += 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function skipText(text: string, start: number): number {
  const quote = text[start];
  let at = start + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipTemplate(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) at = skipNested(text, at + 1);
    else at += text[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}

/** A slash divides after a name, a number, a text or a closing bracket; elsewhere a regular expression begins. */
function beginsRegExp(text: string, at: number): boolean {
  return !/[\w$)\]}'"`]$/.test(text.slice(Math.max(0, at - 200), at).trimEnd());
}

function skipRegExp(text: string, start: number): number {
  let isInClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    else if (char === '/' && !isInClass) return at + 1;
  }
  return text.length;
}
