import { parseArgs } from 'node:util';
import { Arguments } from './arguments.ts';
import { closest } from './closest.ts';
import { COMMON_OPTIONS, type Command, type OptionSpec } from './command.ts';
import { didYouMean, usage } from './usage-error.ts';

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
