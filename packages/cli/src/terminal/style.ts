/**
 * Colour and type of text on a terminal. Only the sixteen colours that every terminal lets its user choose,
 * and nothing is told by colour alone: a symbol or a word stands beside it, and what went well is blue and
 * what failed is red, so that nobody has to tell red from green.
 */
export interface Style {
  readonly hasColour: boolean;
  /** May symbols outside of ASCII be written? */
  readonly hasUnicode: boolean;
  paint(colour: Colour, text: string): string;
}

export const COLOURS = {
  plain: '',
  bold: '1',
  dim: '2',
  done: '34',
  cached: '36',
  active: '33',
  again: '35',
  failed: '1;31',
  code: '36',
} as const;
export type Colour = keyof typeof COLOURS;

type Environment = Readonly<Record<string, string | undefined>>;

/** The style for an output: https://no-color.org, FORCE_COLOR as Node.js reads it, TERM=dumb, the locale. */
export function styleFor(isTerminal: boolean, env: Environment): Style {
  return makeStyle(wantsColour(isTerminal, env), isUnicode(env));
}

export function makeStyle(hasColour: boolean, hasUnicode: boolean): Style {
  return {
    hasColour,
    hasUnicode,
    paint: (colour, text) =>
      hasColour && colour !== 'plain' && text !== '' ? `\u001B[${COLOURS[colour]}m${text}\u001B[0m` : text,
  };
}

function wantsColour(isTerminal: boolean, env: Environment): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** By the locale, as POSIX has it: the first that is set of LC_ALL, LC_CTYPE and LANG. Unset counts as UTF-8. */
function isUnicode(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(isSet);
  if (locale === undefined) return true;
  return /utf-?8/i.test(locale);
}
