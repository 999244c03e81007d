import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FlowDefinition, StandardSchema } from '@sidereal/engine';
import { cliError } from '../errors/cli-error.ts';

/** What the command line says about the input of a flow. */
export interface GivenInput {
  /** Text of `--input`. */
  readonly json: string | undefined;
  /** Path of `--input-file`; `-` is stdin. */
  readonly file: string | undefined;
  /** `key=value` arguments. */
  readonly fields: readonly string[];
}

/**
 * The input as the flow gets it. Throws `INVALID_INPUT` if it cannot be read, `USAGE` if it is said twice. What
 * the flow makes of it, its schema says later.
 */
export function readInput(given: GivenInput, cwd: string): unknown {
  const { json, file, fields } = given;
  if (json !== undefined && file !== undefined) {
    throw cliError('USAGE', 'both --input and --input-file were given', 'Give one of them.');
  }
  const base =
    json !== undefined
      ? parseJson(json, '--input')
      : file !== undefined
        ? parseJson(readText(file, cwd), file === '-' ? 'stdin' : file)
        : undefined;
  if (fields.length === 0) return base;
  if (base !== undefined && !isRecord(base)) {
    throw cliError(
      'INVALID_INPUT',
      `the input is ${JSON.stringify(base)}, which has no fields to set`,
      'Give key=value only with an object, or without --input.',
    );
  }
  return { ...base, ...parseFields(fields) };
}

/** Fields from `key=value` arguments: a value that is JSON counts as that, any other as text. */
export function parseFields(fields: readonly string[]): Readonly<Record<string, unknown>> {
  const input = new Map<string, unknown>();
  for (const field of fields) {
    const at = field.indexOf('=');
    const key = field.slice(0, at);
    if (at < 1) {
      throw cliError(
        'USAGE',
        `'${field}' is not of the form key=value`,
        'Write target=J1851+0035, or give --input JSON.',
      );
    }
    if (input.has(key)) throw cliError('USAGE', `the field '${key}' is given twice`, 'Give it once.');
    input.set(key, parseValue(field.slice(at + 1)));
  }
  return Object.fromEntries(input);
}

/**
 * What a flow gets if the command line says nothing: nothing if it accepts that, else an empty object, so that
 * its schema can name the fields that are missing.
 */
export async function inputOrDefault(definition: FlowDefinition, input: unknown): Promise<unknown> {
  const { input: schema } = definition.options;
  if (schema === undefined && input !== undefined) {
    throw cliError(
      'INVALID_INPUT',
      `flow '${definition.name}' takes no input, but was given ${JSON.stringify(input)}`,
      'Leave it out, or give the flow an `input` schema: flow({ input: z.object({ … }) }, async (input) => …).',
      { at: definition.at },
    );
  }
  if (schema === undefined || input !== undefined) return input;
  if (!isStandardSchema(schema)) return {};
  const empty = await schema['~standard'].validate(undefined);
  return empty.issues === undefined ? undefined : {};
}

function isStandardSchema(schema: object): schema is StandardSchema {
  return '~standard' in schema;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw cliError(
      'INVALID_INPUT',
      `${from} is not JSON: ${why}`,
      'Write JSON, as in --input \'{"channels": 64}\'.',
    );
  }
}

function readText(file: string, cwd: string): string {
  try {
    return readFileSync(file === '-' ? 0 : resolve(cwd, file), 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw cliError(
      'INVALID_INPUT',
      `the input file ${file} cannot be read: ${why}`,
      'Give the path of a JSON file.',
      {
        cause,
      },
    );
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
