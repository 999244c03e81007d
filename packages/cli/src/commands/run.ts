import type { Execute } from '../command-line/command.ts';
import { executeRun } from '../running/execute-run.ts';
import { inputOrDefault, readInput } from '../running/flow-input.ts';
import { loadFlow } from '../running/load-flow.ts';
import { parseModuleAddress } from '../running/module-address.ts';
import { runSettings } from '../running/run-settings.ts';

/** `sidereal run MODULE[:EXPORT]`: starts a run and waits for its end. */
export const run: Execute = async (args, context) => {
  const settings = runSettings(args, context);
  const [module = '', ...fields] = args.operands;
  const given = readInput({ json: args.text('input'), file: args.text('input-file'), fields }, context.cwd);
  const definition = await loadFlow(parseModuleAddress(module, context.cwd), context.cwd);
  const input = await inputOrDefault(definition, given);
  return executeRun({ definition, input }, settings, context);
};
