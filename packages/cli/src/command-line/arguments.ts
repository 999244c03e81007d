import { closest } from '@sidereal/core';
import { parseArgs } from 'node:util';
import { cliError } from '../errors/cli-error.ts';
import { COMMON_OPTIONS, type Command, type OptionSpec } from './command.ts';

/** What was given to a command, checked against what it takes. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], given: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.#given = given;
  }

  has(option: string): boolean {
    return this.#given.has(option);
  }

  /** Value of an option, the last if it was given several times. */
  text(option: string): string | undefined {
    return this.#given.get(option)?.at(-1);
  }

  texts(option: string): readonly string[] {
    return this.#given.get(option) ?? [];
  }

  /** Value of an option that takes a whole number, not negative. */
  count(option: string): number | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw usage(`--${option} takes a whole number, not '${text}'`, `Write for example --${option} 20.`);
  }

  /** Values of an option that takes one of a few words; several may be given with commas between them. */
  choices<const Choice extends string>(option: string, all: readonly Choice[]): readonly Choice[] {
    const words = this.texts(option)
      .flatMap((text) => text.split(','))
      .map((word) => word.trim());
    return words.map((word) => {
      const found = all.find((choice) => choice === word);
      if (found !== undefined) return found;
      throw usage(
        `--${option} does not know '${word}'`,
        `${didYouMean(closest(word, all))}It takes one of: ${all.join(', ')}.`,
      );
    });
  }

  operand(at: number): string {
    return this.operands[at] ?? '';
  }
}

/** Reads the arguments of a command. Throws `USAGE`, naming what is wrong and what was probably meant. */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const specs = { ...command.options, ...COMMON_OPTIONS };
  const help = `See \`sidereal ${command.name} --help\`.`;
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, { value }] of Object.entries(specs)) {
    options[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(name === 'help' ? { short: 'h' } : {}),
    };
  }
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options,
  });
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) {
      const near = closest(token.name, Object.keys(specs));
      throw usage(
        `'${command.name}' has no option ${token.rawName}`,
        `${didYouMean(near === undefined ? undefined : `--${near}`)}${help}`,
      );
    }
    given.set(token.name, [...(given.get(token.name) ?? []), valueOf(token, spec, help)]);
  }
  if (given.has('help')) return new Arguments(operands, given);
  for (const [name, values] of given) {
    if (values.length > 1 && specs[name]?.value !== undefined && specs[name].multiple !== true) {
      throw usage(`--${name} was given ${values.length} times`, 'Give it once.');
    }
  }
  const [least, most] = command.arity;
  if (operands.length < least) {
    throw usage(`'${command.name}' needs ${command.operands}`, help);
  }
  if (operands.length > most) {
    throw usage(`'${command.name}' does not take '${operands[most] ?? ''}'`, help);
  }
  return new Arguments(operands, given);
}

/** Wrong use of the command line. */
export function usage(message: string, remedy: string): Error {
  return cliError('USAGE', message, remedy);
}

/** `Did you mean 'runs'? `, or nothing. */
export function didYouMean(word: string | undefined): string {
  return word === undefined ? '' : `Did you mean ${word}? `;
}

function valueOf(
  token: Readonly<{ rawName: string; value?: string | undefined; inlineValue?: boolean | undefined }>,
  spec: OptionSpec,
  help: string,
): string {
  const { rawName, value, inlineValue = false } = token;
  if (spec.value === undefined) {
    if (value !== undefined) throw usage(`${rawName} takes no value`, help);
    return '';
  }
  if (value === undefined || (!inlineValue && /^--./.test(value))) {
    throw usage(`${rawName} needs a value: ${rawName} ${spec.value}`, help);
  }
  return value;
}
