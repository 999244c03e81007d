/** What stands in a class between its names: comments and texts, in which `#` means nothing. */
const NOT_CODE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
const PRIVATE_NAME = /#([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;
/** Private names of the class itself; its instances have none of them. */
const STATIC_NAME =
  /\bstatic\s+(?:async\s+)?(?:[gs]et\s+)?(?:\*\s*)?#([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;
/** How compilers write private names for engines that have none: as maps beside the class. */
const COMPILED_NAME = /__private(?:Add|Get|Set|Method)|__classPrivate|_classPrivate/;
const NATIVE_BODY = /\{\s*\[native code\]\s*\}\s*$/;

/**
 * Do instances of a class have state that cannot be seen from outside: private fields and methods, or slots of
 * a native class? Nothing in the language tells; the source text of the class does.
 */
export function hasPrivateState(constructor: (...args: never) => unknown): boolean {
  const source = Function.prototype.toString.call(constructor);
  if (NATIVE_BODY.test(source) || COMPILED_NAME.test(source)) return true;
  if (!source.includes('#')) return false;
  const code = source.replaceAll(NOT_CODE, ' ');
  const statics = new Set([...code.matchAll(STATIC_NAME)].map(([, name]) => name));
  return [...code.matchAll(PRIVATE_NAME)].some(([, name]) => !statics.has(name));
}
