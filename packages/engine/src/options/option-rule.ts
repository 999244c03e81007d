import { isByteSize, isDuration } from '@sidereal/core';
import { isThenable } from '../future/future.ts';

/** What one option accepts. */
export interface OptionRule {
  /** In words that follow "It must be". */
  readonly accepts: string;
  readonly isValid: (value: unknown) => boolean;
  /** Says better than `accepts` what is wrong with a value; undefined if nothing is known. */
  readonly problemOf?: (value: unknown) => OptionProblem | undefined;
  /** What an object given for it may hold; absent: its content is not looked at. */
  readonly table?: OptionTable;
}

/** A value that is not accepted, in words, and what it must be instead. */
export interface OptionProblem {
  readonly value: string;
  readonly wanted: string;
}

/** The options of one kind of thing. One table says which there are and what each accepts. */
export interface OptionTable {
  readonly rules: Readonly<Record<string, OptionRule>>;
  /** What options of all other names accept; absent: there are no others. */
  readonly others?: OptionRule;
  /** Options that may not be left out. */
  readonly required?: readonly string[];
  /** Options that have a place, but not here: where they belong, as an imperative sentence. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** What is wrong with options that are good one by one and do not go together. */
  readonly conflict?: (options: Readonly<Record<string, unknown>>) => OptionConflict | undefined;
}

/** The rules for the options of one type: for each of them, and for no other. */
export type RulesFor<Options> = Readonly<Record<keyof Options, OptionRule>>;

/** Two options that do not go together. */
export interface OptionConflict {
  readonly option: string;
  /** In words that follow the option's name: `is longer than maxDelay`. */
  readonly problem: string;
  readonly remedy: string;
}

/** Largest priority, either way: priorities are kept in 32 bits. */
const MAX_PRIORITY = 2 ** 31 - 1;

/** An option that is one of these words. */
export function oneOf(...words: readonly string[]): OptionRule {
  return {
    accepts: words.map((word) => `'${word}'`).join(words.length === 2 ? ' or ' : ', '),
    isValid: (value) => typeof value === 'string' && words.includes(value),
  };
}

/** A whole number from `least` on. */
export function wholeFrom(least: number): OptionRule {
  return {
    accepts: `a whole number, ${least} or more`,
    isValid: (value) => isWhole(value) && value >= least,
  };
}

/** A number for which this holds. */
export function numberThat(accepts: string, holds: (value: number) => boolean): OptionRule {
  return { accepts, isValid: (value) => typeof value === 'number' && holds(value) };
}

/** A number, or options of its own. */
export function numberOr({ accepts, isValid }: OptionRule, table: OptionTable): OptionRule {
  const names = Object.keys(table.rules).join(', ');
  return {
    accepts: `${accepts}, or an object of ${names}`,
    isValid: (value) => (isRecord(value) ? true : isValid(value)),
    table,
  };
}

/** An object of options of its own. */
export function objectOf(table: OptionTable): OptionRule {
  return { accepts: `an object of ${Object.keys(table.rules).join(', ')}`, isValid: isRecord, table };
}

export const DURATION: OptionRule = {
  accepts: "milliseconds as a number, or a number and a unit: '250ms', '2s', '5m', '1.5h', '1d'",
  isValid: isDuration,
};

export const SIZE: OptionRule = {
  accepts: "bytes as a number, or a number and a unit: '64KiB', '200MiB', '1.5GiB'",
  isValid: isByteSize,
};

export const PRIORITY: OptionRule = {
  accepts: 'a whole number',
  isValid: (value) => isWhole(value) && Math.abs(value) <= MAX_PRIORITY,
};

export const FLAG: OptionRule = { accepts: 'true or false', isValid: (value) => typeof value === 'boolean' };

export const TEXT: OptionRule = {
  accepts: 'a text that is not empty',
  isValid: (value) => typeof value === 'string' && value !== '',
};

export const FUNCTION: OptionRule = {
  accepts: 'a function',
  isValid: (value) => typeof value === 'function',
};

export const LINES: OptionRule = {
  accepts: 'a list of texts of one line each',
  isValid: (value) =>
    Array.isArray(value) &&
    value.every((line) => typeof line === 'string' && line !== '' && !line.includes('\n')),
};

export const FUTURES: OptionRule = {
  accepts: 'a list of futures: [first, second]',
  isValid: (value) => Array.isArray(value) && value.every(isThenable),
};

export const ANYTHING: OptionRule = { accepts: 'any value', isValid: () => true };

/** Is it an object whose own fields can be options? */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value);
}
