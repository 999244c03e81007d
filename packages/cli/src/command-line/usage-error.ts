import { cliError } from '../errors/cli-error.ts';

/** Wrong use of the command line. */
export function usage(message: string, remedy: string): Error {
  return cliError('USAGE', message, remedy);
}

/** `Did you mean 'runs'? `, or nothing. */
export function didYouMean(word: string | undefined): string {
  return word === undefined ? '' : `Did you mean ${word}? `;
}
