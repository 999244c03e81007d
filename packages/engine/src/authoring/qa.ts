import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import { currentScope } from './current-scope.ts';

/** A judged quality. */
export interface QaScore {
  /** What is judged: `bandpass`, `image-snr`. */
  readonly name: string;
  /** 0 (bad) … 1 (good); `null`: not applicable; absent with an `error`: the scoring itself failed. */
  readonly score?: number | null;
  /** The figure behind the score. */
  readonly metric?: { readonly name: string; readonly value: number; readonly unit: string };
  readonly message?: string;
  /** What it applies to: `{ spw: 3, field: 'J1851+0035' }`. */
  readonly scope?: Readonly<Record<string, string | number>>;
  readonly error?: string;
}

/** Records a QA score of the current run. A flow that is resumed does not record it twice. */
export async function qa(score: QaScore): Promise<void> {
  const value = score.score;
  if (typeof value === 'number' && !(value >= 0 && value <= 1)) {
    throw new SiderealError('INVALID_QA', `the QA score '${score.name}' is ${value}`, {
      at: userCallSite()?.at,
      remedy: 'Scores lie in 0..1; null means not applicable; give { error } if the scoring itself failed.',
    });
  }
  currentScope('qa').say('qa', { ...score }, `qa ${score.name} ${JSON.stringify(score.scope ?? {})}`);
}
