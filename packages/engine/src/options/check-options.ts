/**
 * One check for every place where authors give options: each name must be one of a table, and its value what
 * the table says. Most authors do not run the compiler, so a wrong name that nobody refuses is a wish that
 * nobody hears.
 *
 *     checkOptions("task 'grid'", TASK_OPTIONS, { retry: 3 })
 *     // INVALID_OPTION  task 'grid' has no option 'retry'
 *     //   remedy        Did you mean `retries`? It takes name, on, when, …
 *
 * An option that is `undefined` counts as left out.
 */
import { closest, SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import { previewValue } from '../results/preview.ts';
import { isRecord, type OptionTable } from './option-rule.ts';

/**
 * Throws `INVALID_OPTION`, with the user's line, for options that do not exist or make no sense.
 *
 * @param what whose options they are, as it stands in the message: `task 'grid'`
 */
export function checkOptions(what: string, table: OptionTable, options: unknown): void {
  checkTable(what, '', table, options);
}

function checkTable(what: string, path: string, table: OptionTable, options: unknown): void {
  const whole = path === '' ? what : `${path} of ${what}`;
  if (!isRecord(options)) {
    const names = Object.keys(table.rules).join(', ');
    throw invalid(`the options of ${whole} are ${previewValue(options)}`, `Give an object of ${names}.`);
  }
  for (const name of Object.keys(options)) {
    const value = options[name];
    const isElsewhere = Object.hasOwn(table.elsewhere ?? {}, name);
    const rule = Object.hasOwn(table.rules, name)
      ? table.rules[name]
      : isElsewhere
        ? undefined
        : table.others;
    if (rule === undefined) throw unknownOption(whole, table, name);
    if (value === undefined) continue;
    const inner = path === '' ? name : `${path}.${name}`;
    if (!rule.isValid(value)) {
      const problem = rule.problemOf?.(value) ?? { value: previewValue(value), wanted: rule.accepts };
      throw invalid(`${inner} of ${what} is ${problem.value}`, `It must be ${problem.wanted}.`);
    }
    if (rule.table !== undefined && isRecord(value)) checkTable(what, inner, rule.table, value);
  }
  for (const name of table.required ?? []) {
    if (options[name] !== undefined) continue;
    throw invalid(
      `${whole} has no ${name}`,
      `Give one: it must be ${table.rules[name]?.accepts ?? 'there'}.`,
    );
  }
  const conflict = table.conflict?.(options);
  if (conflict === undefined) return;
  const inner = path === '' ? conflict.option : `${path}.${conflict.option}`;
  throw invalid(`${inner} of ${what} ${conflict.problem}`, conflict.remedy);
}

function unknownOption(whole: string, table: OptionTable, name: string): SiderealError {
  const elsewhere = table.elsewhere ?? {};
  const names = Object.keys(table.rules);
  const takes = names.length === 0 ? '' : `It takes ${names.join(', ')}.`;
  const hint = Object.hasOwn(elsewhere, name) ? elsewhere[name] : meant(table, name);
  return invalid(`${whole} has no option '${name}'`, `${hint ?? ''} ${takes}`.trim());
}

/** The option that was probably meant: of a similar name, or of the same name further inside. */
function meant({ rules }: OptionTable, name: string): string | undefined {
  const names = Object.keys(rules);
  const near = closest(name, names) ?? names.find((known) => shareStem(known, name));
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  const outer = names.find((known) => Object.hasOwn(rules[known]?.table?.rules ?? {}, name));
  return outer === undefined ? undefined : `Did you mean \`${outer}: { ${name}: … }\`?`;
}

/** Do two names begin alike, as `retry`, `retriesDelay` and `retries` do? */
function shareStem(a: string, b: string): boolean {
  return (
    a.slice(0, STEM).toLowerCase() === b.slice(0, STEM).toLowerCase() && Math.min(a.length, b.length) > STEM
  );
}

/** Letters that names must have in common to be taken for forms of one word. */
const STEM = 4;

function invalid(message: string, remedy: string): SiderealError {
  return new SiderealError('INVALID_OPTION', message, { at: userCallSite()?.at, remedy });
}
