/**
 * The options of Node.js for a worker thread; undefined if it is to take over those of its process, as it does
 * unless it is given some. It cannot where they say of which kind the code on the command line is
 * (`--input-type`): Node refuses that for code from a file. Then it is given those that say how modules are found
 * and loaded. V8's and the process's own hold for every thread anyway, and given to one they are refused.
 */
export function threadArguments(execArgv: readonly string[]): string[] | undefined {
  if (!execArgv.some((argument) => nameOf(argument) === '--input-type')) return undefined;
  return execArgv.filter((argument, index) => {
    const before = execArgv[index - 1] ?? '';
    return ALONE.has(argument) || WITH_VALUE.has(nameOf(argument)) || WITH_VALUE.has(before);
  });
}

const WITH_VALUE = new Set([
  '--import',
  '--require',
  '-r',
  '--loader',
  '--experimental-loader',
  '--conditions',
  '-C',
]);

const ALONE = new Set([
  '--enable-source-maps',
  '--no-warnings',
  '--preserve-symlinks',
  '--preserve-symlinks-main',
  '--experimental-strip-types',
  '--experimental-transform-types',
]);

/** An option without the value that follows its equals sign. */
function nameOf(argument: string): string {
  const [name = ''] = argument.split('=', 1);
  return name;
}
