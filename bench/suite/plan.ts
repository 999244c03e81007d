import type { Series, SetName } from './series.ts';
import { caseId, type Planned } from './measurement.ts';
import type { System } from './system.ts';

export interface PlanOptions {
  readonly set: SetName;
  readonly times: number;
  /** Only what names contain one of these, of `series | n | system/variant`. */
  readonly only?: readonly string[] | undefined;
  /** These sizes instead of those of the set; for trees only. */
  readonly n?: readonly number[] | undefined;
  readonly seed: number;
}

/**
 * Everything to be measured, in order: series by series, small sizes first, and for each size all systems by
 * turns, so that a busy moment of the machine meets them alike.
 */
export function plan(
  series: readonly Series[],
  systems: readonly System[],
  options: PlanOptions,
): readonly Planned[] {
  const planned: Planned[] = [];
  for (const each of series) {
    for (const n of sizesOf(each, options)) {
      for (let repetition = 1; repetition <= options.times; repetition += 1) {
        for (const [system, variant] of waysToRun(each, systems)) {
          const { name, sizes: _sizes, onlySystem: _only, ...workload } = each;
          const asked = { ...workload, n, variant, seed: options.seed };
          planned.push({ series: name, system, repetition, asked });
        }
      }
    }
  }
  const { only } = options;
  return planned.filter((one) => only?.some((text) => caseId(one).includes(text)) ?? true);
}

function sizesOf({ row, sizes }: Series, { set, n }: PlanOptions): readonly number[] {
  return row === 'tree' && n !== undefined && sizes[set].length > 0 ? n : sizes[set];
}

function waysToRun(
  { row, processes, onlySystem }: Series,
  systems: readonly System[],
): readonly (readonly [system: string, variant: string])[] {
  return systems
    .filter(({ name }) => onlySystem === undefined || name === onlySystem)
    .flatMap(({ name, variants }) => {
      const able = variants.filter(({ rows }) => rows === undefined || rows.includes(row));
      // A system that has no processes says so once.
      const asked = processes > 1 ? able.filter(({ name: variant }) => variant !== 'inline') : able;
      return asked.map((variant) => [name, variant.name] as const);
    });
}
