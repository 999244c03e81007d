import { pairsText } from './csv.ts';
import type { Findings } from './findings.ts';
import { countText } from './number-text.ts';

/** A system that was measured, as the reports describe it. */
export interface SystemNote {
  readonly title: string;
  readonly about: string;
  readonly variants: readonly { readonly name: string; readonly about: string }[];
  /** One text for each that occurred; settings may differ by variant and row. */
  readonly versions: readonly string[];
  readonly settings: readonly string[];
  /** Processes of the machine that count as its own. */
  readonly services: readonly string[];
  /** What was not measured, and why. */
  readonly refusals: readonly string[];
}

/** The systems that the suite was given, each once. */
export function systemNotes({ measurements, systems }: Findings): readonly SystemNote[] {
  return systems.flatMap(({ name, title, about, variants, services }) => {
    const own = measurements.filter(({ system }) => system === name);
    if (own.length === 0) return [];
    const outcomes = own.flatMap(({ result }) => (result.kind === 'measured' ? result.outcome : []));
    return {
      title,
      about,
      variants: variants.filter((variant) => own.some(({ asked }) => asked.variant === variant.name)),
      versions: distinct(outcomes.map(({ versions }) => pairsText(versions))),
      settings: distinct(outcomes.map(({ settings }) => pairsText(settings))),
      services,
      refusals: distinct(
        own.map(({ series, asked, result }) =>
          result.kind === 'measured'
            ? ''
            : `${series}, n = ${countText(asked.n)}: ${result.kind}: ${result.words}`,
        ),
      ),
    };
  });
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => text !== '');
}
