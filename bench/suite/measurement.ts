import type { Usage } from '../accounting/usage.ts';
import type { Case } from './case.ts';
import type { Measured } from './outcome.ts';

/** One case on one system, to be measured once. */
export interface Planned {
  readonly series: string;
  readonly system: string;
  /** From 1. */
  readonly repetition: number;
  readonly asked: Case & { readonly variant: string };
}

/** What came of it. Only `failed` is somebody's fault. */
export type Result =
  | { readonly kind: 'measured'; readonly outcome: Measured; readonly usage?: Usage | undefined }
  | {
      readonly kind: 'cannot' | 'over budget' | 'over memory' | 'failed';
      /** Why, for people. */
      readonly words: string;
    };

export interface Measurement extends Planned {
  readonly result: Result;
  /** When, ISO 8601. */
  readonly date: string;
}

/** Names a case on a system: `U(0.1,1) 0.1 MiB 1x16 | n 1000 | sidereal/threads`. */
export function caseId({ series, system, asked }: Planned): string {
  return `${series} | n ${asked.n} | ${system}/${asked.variant}`;
}
