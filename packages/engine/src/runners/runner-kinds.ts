/**
 * The kinds of runners that there are. Each registers itself when its module is loaded; nothing else knows any of
 * them by name. A new one is one folder: an implementation of `Runner`, a call of {@link registerRunner}, and a
 * function that makes choices for authors.
 *
 * @example
 * registerRunner({
 *   name: 'batch',
 *   defaultChoice: () => ({ runner: 'batch', size: 8 }),
 *   make: (host, { size = 8 }) => new BatchRunner(host, size),
 * });
 * flow({ name: 'image', runner: { runner: 'batch', size: 100 } }, …);
 * task({ name: 'grid', on: 'batch' }, …);
 */
import { SiderealError } from '@sidereal/core/errors';
import type { OptionProblem } from '../options/option-rule.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import type { Runner, RunnerHost } from './runner.ts';

/** One kind of runner. */
export interface RunnerKind {
  /** As in `on: 'threads'` and {@link RunnerChoice}. */
  readonly name: string;
  /** What a task gets that names the kind in a flow that runs on another. */
  readonly defaultChoice: () => RunnerChoice;
  /** What is wrong with a choice of this kind beyond its size, and what would be right; undefined if nothing is. */
  readonly problemOf?: (choice: RunnerChoice) => OptionProblem | undefined;
  /** Opens a runner, which reports to `host`. */
  readonly make: (host: RunnerHost, choice: RunnerChoice) => Runner;
}

/** One for all copies of the package in a thread: an author's module and the command line may bring two. */
const KINDS = Symbol.for('sidereal.runners/1');
type Host = { [KINDS]?: Map<string, RunnerKind> };
const kinds: Map<string, RunnerKind> = ((globalThis as Host)[KINDS] ??= new Map<string, RunnerKind>());

/** Makes a kind of runner known. Of two under one name, the last counts: copies of one package bring the same. */
export function registerRunner(kind: RunnerKind): void {
  kinds.set(kind.name, kind);
}

/** Names of the kinds that are known, in the order in which they were registered. */
export function runnerNames(): readonly string[] {
  return [...kinds.keys()];
}

/** The kind of this name. Throws `INVALID_OPTION`, which lists those that are known. */
export function runnerKind(name: string): RunnerKind {
  const kind = kinds.get(name);
  if (kind !== undefined) return kind;
  throw new SiderealError('INVALID_OPTION', `no runner is called '${name}'`, {
    remedy: `Name one that is registered (${runnerNames().join(', ')}), or import the module that brings it.`,
  });
}

/** What is wrong with a choice; undefined if nothing is. */
export function choiceProblem(choice: RunnerChoice): OptionProblem | undefined {
  const { runner, size } = choice;
  const kind = kinds.get(runner);
  if (kind === undefined) return unknownRunner(runner);
  if (size !== undefined && !(Number.isInteger(size) && size > 0))
    return { value: `${runner}(${size})`, wanted: 'of a size of at least 1' };
  return kind.problemOf?.(choice);
}

/** The problem of a name that no kind has; undefined if one has it. */
export function nameProblem(name: string): OptionProblem | undefined {
  return kinds.has(name) ? undefined : unknownRunner(name);
}

function unknownRunner(name: string): OptionProblem {
  const wanted = `one of ${runnerNames().join(', ')}, or that of a module that is imported before`;
  return { value: `'${name}'`, wanted };
}
