import { EXIT_CODE_MEANINGS } from '../errors/exit-code.ts';
import type { Style } from '../terminal/style.ts';
import { pairLines } from '../terminal/table.ts';
import { wrap } from '../terminal/wrap.ts';
import { COMMON_OPTIONS, type Command, type OptionSpec } from './command.ts';

/** What `sidereal --help` says. */
export function generalHelp(
  commands: readonly Command[],
  version: string,
  style: Style,
  width: number,
): string {
  const heading = (text: string): string => style.paint('bold', text);
  return [
    `${heading('sidereal')} ${version}: write pipelines as plain async functions, watch them, stop them, resume them.`,
    '',
    heading('Examples'),
    '  sidereal run pipeline.ts target=J1851+0035 channels=64',
    '  sidereal runs',
    '  sidereal show latest',
    '  sidereal resume latest',
    '',
    heading('Commands'),
    ...pairLines(
      commands.map(({ name, summary }) => [name, summary] as const),
      { style, nameColour: 'code' },
    ),
    '',
    '`sidereal COMMAND --help` tells more. RUN is the id of a run, a beginning of it that only one run has,',
    'the last characters of it after the dash, or `latest`.',
    '',
    heading('Environment'),
    ...described(
      [
        ['SIDEREAL_STORE', 'folder of the store; default: .sidereal in the working directory'],
        ['SIDEREAL_DEBUG', '1: show whole stacks of errors'],
        ['NO_COLOR', 'no colours; FORCE_COLOR=1: colours also where there is no terminal'],
      ],
      style,
      width,
    ),
    '',
    heading('Exit codes'),
    ...described(
      EXIT_CODE_MEANINGS.map(([code, meaning]) => [String(code).padStart(3), meaning] as const),
      style,
      width,
    ),
    '',
  ].join('\n');
}

/** What `sidereal COMMAND --help` says. */
export function commandHelp(command: Command, style: Style, width: number): string {
  const heading = (text: string): string => style.paint('bold', text);
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS });
  return [
    `${heading('Usage')}  sidereal ${command.name}${command.operands === '' ? '' : ` ${command.operands}`} [options]`,
    '',
    ...wrap(`${command.summary[0]?.toUpperCase() ?? ''}${command.summary.slice(1)}.`, width),
    ...(command.notes ?? []).flatMap((note) => ['', ...wrap(note, width)]),
    '',
    heading('Examples'),
    ...command.examples.map((example) => `  ${example}`),
    '',
    heading('Options'),
    ...described(
      options.map(([name, spec]) => [optionText(name, spec), spec.help] as const),
      style,
      width,
    ),
    '',
  ].join('\n');
}

function optionText(name: string, { value, multiple }: OptionSpec): string {
  const short = name === 'help' ? '-h, ' : '';
  return `${short}--${name}${value === undefined ? '' : ` ${value}`}${multiple === true ? ' …' : ''}`;
}

/** Names and descriptions, these wrapped beside the names. */
function described(pairs: readonly (readonly [string, string])[], style: Style, width: number): string[] {
  const room = Math.max(...pairs.map(([name]) => name.length));
  const rows = pairs.flatMap(([name, text]) =>
    wrap(text, Math.max(24, width - room - 4)).map((line, at) => [at === 0 ? name : '', line] as const),
  );
  return pairLines(rows, { style, nameColour: 'code' });
}
