import { readdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ambient, type FlowDefinition } from '@sidereal/engine';
import { closest, isSiderealError } from '@sidereal/core';
import { cliError } from '../errors/cli-error.ts';
import { errorView } from '../errors/error-view.ts';
import { EXIT, exitCodeOfError } from '../errors/exit-code.ts';
import { shortPath } from '../errors/render-error.ts';
import { userLine } from '../errors/user-line.ts';
import { syntaxErrorLine } from './syntax-error-line.ts';
import type { ModuleAddress } from './module-address.ts';

/** A flow in a module, under every name that it is exported by. */
interface Found {
  readonly definition: FlowDefinition;
  readonly exports: string[];
}

/**
 * Imports a module and finds its flow: the one that it exports, or the one of this export or flow name.
 * Throws MODULE_NOT_FOUND, MODULE_FAILED, FLOW_NOT_FOUND, FLOW_AMBIGUOUS, FLOW_CALLED_ON_IMPORT.
 */
export async function loadFlow(address: ModuleAddress, cwd: string): Promise<FlowDefinition> {
  const exported = await importModule(address, cwd);
  const flows = flowsIn(exported);
  const name = shortPath(address.path, cwd);
  const { entry } = address;
  if (entry !== undefined) return named(flows, entry, name, Object.keys(exported));
  const [only, second] = flows;
  if (only === undefined) {
    const others = Object.keys(exported);
    throw cliError(
      'FLOW_NOT_FOUND',
      `${name} exports no flow${others.length === 0 ? '' : `, only ${others.slice(0, 8).join(', ')}`}`,
      "Export one: export const myFlow = flow({ name: 'my-flow' }, async () => …).",
    );
  }
  if (second !== undefined) {
    throw cliError(
      'FLOW_AMBIGUOUS',
      `${name} exports ${flows.length} flows: ${list(flows)}`,
      `Say which: ${name}:${only.exports[0] ?? only.definition.name}.`,
    );
  }
  return only.definition;
}

/**
 * The flow of a recorded run: by its flow name among the exports of the module, or among all that the module
 * defines at its top level.
 */
export async function loadRecordedFlow(
  address: ModuleAddress,
  flow: string,
  cwd: string,
): Promise<FlowDefinition> {
  const exported = await importModule(address, cwd);
  const flows = flowsIn(exported);
  const wanted = address.entry ?? flow;
  const match = flows.find(
    ({ definition, exports }) => definition.name === wanted || exports.includes(wanted),
  );
  if (match !== undefined) return match.definition;
  for (const defined of ambient.registry.values()) {
    if (defined.kind === 'flow' && defined.name === wanted && defined.module === address.url) return defined;
  }
  throw cliError(
    'FLOW_NOT_FOUND',
    `${shortPath(address.path, cwd)} no longer has the flow '${wanted}'${flows.length === 0 ? '' : `; it exports ${list(flows)}`}`,
    'Restore it, or say where it is now: --module MODULE:EXPORT. Task runs are recognised by module and name, so those of a renamed module run again.',
  );
}

function named(
  flows: readonly Found[],
  entry: string,
  module: string,
  exported: readonly string[],
): FlowDefinition {
  const match =
    flows.find(({ exports }) => exports.includes(entry)) ??
    flows.find(({ definition }) => definition.name === entry);
  if (match !== undefined) return match.definition;
  const names = flows.flatMap(({ exports, definition }) => [...exports, definition.name]);
  const near = closest(entry, names);
  throw cliError(
    'FLOW_NOT_FOUND',
    exported.includes(entry)
      ? `the export '${entry}' of ${module} is not a flow`
      : `${module} exports no flow '${entry}'`,
    `${near === undefined ? '' : `Did you mean ${module}:${near}? `}${flows.length === 0 ? 'It exports no flow at all.' : `Its flows: ${list(flows)}.`}`,
  );
}

async function importModule(address: ModuleAddress, cwd: string): Promise<Readonly<Record<string, unknown>>> {
  assertFile(address, cwd);
  const name = shortPath(address.path, cwd);
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  ambient.importing = address.url;
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(address.url)) as Readonly<Record<string, unknown>>;
    // Rejections of calls that nobody awaited are reported after this turn.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    throw importFailure(error, address, name);
  } finally {
    ambient.importing = undefined;
    process.off('unhandledRejection', onRejection);
  }
  const [rejection] = rejections;
  if (rejections.length > 0) throw importFailure(rejection, address, name);
  return exported;
}

/**
 * What a module throws at its top level is a mistake in the module, whatever its code: wrong usage. A code that
 * says so of itself is told as it is; only a defect of Sidereal stays one.
 */
function importFailure(error: unknown, { path }: ModuleAddress, name: string): unknown {
  const isTold =
    isSiderealError(error) && (exitCodeOfError(error) === EXIT.usage || error.code === 'INTERNAL');
  if (isTold) return error;
  const own = isSiderealError(error) ? error : undefined;
  const at =
    own?.at ??
    (error instanceof Error ? userLine(error.stack) : undefined) ??
    (error instanceof SyntaxError ? syntaxErrorLine(path) : undefined);
  return cliError(
    'MODULE_FAILED',
    `${name} could not be imported: ${errorView(error).message}`,
    own?.remedy ?? 'Mend it; `node` on the same file shows the same error.',
    { cause: error, at },
  );
}

function assertFile({ path }: ModuleAddress, cwd: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return;
  const name = shortPath(path, cwd);
  if (stats !== undefined) throw cliError('MODULE_NOT_FOUND', `${name} is not a file`, 'Name a module.');
  const near = closest(basename(path), filesIn(dirname(path)));
  throw cliError(
    'MODULE_NOT_FOUND',
    `there is no file ${name}`,
    near === undefined
      ? 'Give the path of the module that exports the flow.'
      : `Did you mean ${shortPath(`${dirname(path)}/${near}`, cwd)}?`,
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => /\.[cm]?[jt]s$/.test(file));
  } catch {
    return [];
  }
}

function flowsIn(exported: Readonly<Record<string, unknown>>): readonly Found[] {
  const found = new Map<FlowDefinition, string[]>();
  for (const [name, value] of Object.entries(exported)) {
    const definition = flowDefinitionOf(value);
    if (definition === undefined) continue;
    const names = found.get(definition);
    if (names === undefined) found.set(definition, [name]);
    else names.push(name);
  }
  return [...found].map(([definition, exports]) => ({ definition, exports }));
}

/** What `flow()` has made carries its definition, from whichever copy of the package it comes. */
function flowDefinitionOf(value: unknown): FlowDefinition | undefined {
  if (typeof value !== 'function' || !('definition' in value)) return undefined;
  const { definition } = value;
  return isFlowDefinition(definition) ? definition : undefined;
}

function isFlowDefinition(value: unknown): value is FlowDefinition {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'flow' && 'fn' in value
  );
}

function list(flows: readonly Found[]): string {
  return flows
    .map(({ definition, exports }) =>
      exports.includes(definition.name) ? definition.name : `${exports.join(', ')} ('${definition.name}')`,
    )
    .join(', ');
}
