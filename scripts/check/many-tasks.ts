/**
 * A pipeline of many tasks: what one more task costs the compiler, times as many as a large project has. Every
 * task has types of its own, because the compiler pays for a type once. Of ten tasks six are called, as often
 * with futures as with values, two are mapped, one reduces and one is called with options.
 */

/** The text of a program of so many tasks, each of them used, that imports the engine from `source`. */
export function manyTasks(count: number, source: string): string {
  const tasks = Array.from({ length: count }, (_, n) => KINDS[n % KINDS.length]?.(n) ?? '');
  return `import { reduce, task } from '${source}';\n${tasks.join('\n')}\nexport { reduce, task };\n`;
}

const KINDS: readonly ((n: number) => string)[] = [
  calledWithFutures,
  mapped,
  asynchronous,
  withDefault,
  calledWithFutures,
  reducing,
  asynchronous,
  mappedWithArguments,
  calledWithOptions,
  withDefault,
];

function calledWithFutures(n: number): string {
  return `
interface Plane${n} { readonly channel: ${n}; readonly data: Float64Array; readonly beam: { readonly major: number } }
const task${n} = task({ name: 'task-${n}', retries: 2 }, (plane: Plane${n}, weight: number): Plane${n} =>
  weight > 0 ? plane : { ...plane, data: new Float64Array(${n}) });
export const value${n} = (plane: Plane${n}) => task${n}(task${n}(plane, ${n}), Promise.resolve(${n}));`;
}

function asynchronous(n: number): string {
  return `
interface Table${n} { readonly rows: readonly { readonly id: ${n}; readonly flux: number }[] }
const task${n} = task({ name: 'task-${n}', on: 'threads', timeout: '5m' }, async (table: Table${n}) => table);
export const value${n} = (table: Table${n}) => task${n}(task${n}(table));`;
}

function withDefault(n: number): string {
  return `
interface Limits${n} { readonly low${n}: number; readonly high: number }
const task${n} = task({ name: 'task-${n}' }, (limits: Limits${n}, width = ${n}) => [limits.high, width]);
export const value${n} = (limits: Limits${n}) => task${n}(limits);`;
}

function mapped(n: number): string {
  return `
interface Source${n} { readonly name: string; readonly flux${n}: number }
const task${n} = task({ name: 'task-${n}' }, (source: Source${n}) => source.flux${n});
export const value${n} = (sources: Source${n}[]) => task${n}.map(sources);`;
}

function mappedWithArguments(n: number): string {
  return `
interface Beam${n} { readonly major${n}: number }
const task${n} = task({ name: 'task-${n}' }, (beam: Beam${n}, channel: number) => beam.major${n} * channel);
export const value${n} = (beam: Beam${n}) => task${n}.map([1, 2, 3], (channel) => [beam, channel]);`;
}

function reducing(n: number): string {
  return `
interface Sum${n} { readonly v${n}: number }
const task${n} = task({ name: 'task-${n}' }, (a: Sum${n}, b: Sum${n}): Sum${n} => ({ v${n}: a.v${n} + b.v${n} }));
export const value${n} = (all: Sum${n}[]) => reduce(task${n}, all);`;
}

function calledWithOptions(n: number): string {
  return `
interface Report${n} { readonly title: '${n}' }
const task${n} = task({ name: 'task-${n}', durability: 'strict' }, (report: Report${n}) => report.title);
export const value${n} = (report: Report${n}) => task${n}.with({ priority: 5, tags: ['report'] })(report);`;
}
