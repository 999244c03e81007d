import { closest } from '../command-line/closest.ts';
import type { Execute } from '../command-line/command.ts';
import { didYouMean } from '../command-line/usage-error.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { cliError } from '../errors/cli-error.ts';
import { EXIT } from '../errors/exit-code.ts';
import { CATALOGUE } from '../explain/catalogue.ts';
import type { Explanation } from '../explain/explanation.ts';
import { pairLines } from '../terminal/table.ts';
import { fit } from '../terminal/text-width.ts';
import { wrap } from '../terminal/wrap.ts';

/** `sidereal explain [CODE]`: what an error code means; without one, all of them. */
export const explain: Execute = (args, context) => {
  const [given] = args.operands;
  if (given === undefined) {
    list(args.has('json'), context);
    return EXIT.ok;
  }
  const code = given.toUpperCase().replaceAll('-', '_');
  const explanation = CATALOGUE.get(code);
  if (explanation === undefined) {
    const near = closest(code, [...CATALOGUE.keys()]);
    throw cliError(
      'UNKNOWN_CODE',
      `there is no error code '${given}'`,
      `${didYouMean(near)}\`sidereal explain\` lists all of them.`,
    );
  }
  if (args.has('json')) writeJson(context, { schema: 'sidereal.explanation/1', code, ...explanation });
  else writeLines(context, explanationLines(code, explanation, context));
  return EXIT.ok;
};

function explanationLines(
  code: string,
  { meaning, cause, remedy }: Explanation,
  { outStyle: style, out }: Context,
): string[] {
  const paragraph = (label: string, text: string): string[] =>
    wrap(text, Math.max(30, Math.min(out.columns, 100) - 9)).map((line, at) =>
      at === 0 ? `${style.paint('dim', label.padEnd(7))}  ${line}` : `         ${line}`,
    );
  return [
    style.paint('bold', code),
    ...paragraph('meaning', meaning),
    ...paragraph('cause', cause),
    ...paragraph('remedy', remedy),
  ];
}

function list(asJson: boolean, context: Context): void {
  if (asJson) {
    const codes = [...CATALOGUE].map(([code, explanation]) => ({ code, ...explanation }));
    writeJson(context, { schema: 'sidereal.explanations/1', codes });
    return;
  }
  const { outStyle: style, out } = context;
  const room = Math.max(...[...CATALOGUE.keys()].map((code) => code.length));
  const pairs = [...CATALOGUE].map(
    ([code, { meaning }]) =>
      [code, fit(meaning, Math.max(30, out.columns - room - 4), style.hasUnicode ? '…' : '~')] as const,
  );
  writeLines(context, pairLines(pairs, { style, nameColour: 'code', indent: 0 }));
}
