import { expect, test } from 'vitest';
import { COMMANDS } from '../commands/commands.ts';
import { EXIT } from '../errors/exit-code.ts';
import { makeStyle } from '../terminal/style.ts';
import { commandHelp, generalHelp } from './help.ts';

const style = makeStyle(false, true);

test('the general help names every command and every exit code', () => {
  const text = generalHelp(COMMANDS, '1.2.3', style, 100);
  for (const { name, summary } of COMMANDS)
    expect(text).toMatch(new RegExp(`^  ${name} +${summary.slice(0, 30)}`, 'm'));
  for (const code of Object.values(EXIT)) expect(text).toMatch(new RegExp(`^ +${code}  \\S`, 'm'));
});

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  'the help of %s names every option, within the width of the terminal',
  (_, command) => {
    const text = commandHelp(command, style, 80);
    for (const option of Object.keys(command.options)) expect(text).toContain(`  --${option}`);
    expect(text).toContain(`Usage  sidereal ${command.name}`);
    const options = text.slice(text.indexOf('\nOptions\n'));
    expect(options.split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);

test.each(COMMANDS.map((command) => [command.name, command] as const))(
  'the code of %s is where it says',
  async (_, command) => {
    expect(await command.load()).toBeTypeOf('function');
  },
);
