import { SiderealError } from 'sidereal';

/** What is wrong with the command line. */
export function usage(message: string, cause?: unknown): SiderealError<'USAGE'> {
  return new SiderealError('USAGE', message, { cause, remedy: 'See `npm start -- --help`.' });
}

/** A whole number in a range. Throws `USAGE`, like all of these. */
export function whole(name: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
  throw usage(`--${name} ${text} is not a whole number from ${lowest} to ${highest}`);
}

/** A number in a range. */
export function number(name: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= lowest && value <= highest) return value;
  throw usage(`--${name} ${text} is not a number from ${lowest} to ${highest}`);
}

/** A part of a whole: 0 to 1. */
export function fraction(name: string, text: string): number {
  return number(name, text, 0, 1);
}

/** One of some words. */
export function choice<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw usage(`--${name} ${text} is none of ${words.join(', ')}`);
}
