/**
 * The options of Node.js that a worker thread takes over from its process: all but what says of which kind the
 * code on the command line is (`--input-type`), which Node refuses for code from a file.
 */
export function threadArguments(execArgv: readonly string[]): string[] {
  return execArgv.filter(
    (argument, index) => !argument.startsWith('--input-type') && execArgv[index - 1] !== '--input-type',
  );
}
