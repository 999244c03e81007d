/** What a case of the campaign does, made from a seed: a flow of scenes, and the lives of the processes that run it. */
import { chance, type Chance } from './random.ts';
import { model, type Scene, type SceneKind } from './scenes.ts';

export interface CasePlan {
  readonly seed: number;
  /** Scenes of one wave are under way together. */
  readonly waves: readonly (readonly Scene[])[];
  readonly lives: readonly Life[];
}

/** One process: it starts the run, or goes on with it if it has begun. */
export interface Life {
  readonly verb: 'resume' | 'retry';
  readonly isMended: boolean;
  /** The flow's body throws before this wave. */
  readonly failsBefore: number | undefined;
  readonly ending: Ending;
}

export type Ending =
  | { readonly how: 'by itself' }
  /** `share` of how long, or of how many lines of the ledger, an undisturbed run has. */
  | { readonly how: 'killed'; readonly at: 'time' | 'line'; readonly share: number }
  /** As soon as the store has been written to so many times. */
  | { readonly how: 'killed'; readonly at: 'write'; readonly count: number }
  /** The next life takes the run over while this one is alive, or stopped. */
  | { readonly how: 'taken over'; readonly share: number; readonly isStopped: boolean };

const kinds = Object.keys(model) as SceneKind[];

export function planOf(seed: number): CasePlan {
  const by = chance(seed);
  let n = 0;
  const scene = (): Scene => ({
    kind: by.one(kinds as [SceneKind, ...SceneKind[]]),
    n: (n += 100),
    on: by.one(['inline', 'inline', 'threads']),
  });
  const waves = times(by.whole(2, 4), () => times(by.whole(1, 4), scene));
  const lives = times(by.whole(3, 7), (): Life => ({
    verb: by.one(['resume', 'resume', 'resume', 'retry']),
    isMended: by.next() < 0.3,
    failsBefore: by.next() < 0.25 ? by.whole(0, waves.length) : undefined,
    ending: endingOf(by),
  }));
  return { seed, waves, lives };
}

function endingOf(by: Chance): Ending {
  const share = by.next();
  const drawn = by.next();
  if (drawn < 0.25) return { how: 'killed', at: 'time', share };
  if (drawn < 0.65) return { how: 'killed', at: 'line', share };
  if (drawn < 0.85) return { how: 'killed', at: 'write', count: by.whole(1, 30) };
  if (drawn < 0.95) return { how: 'taken over', share, isStopped: by.next() < 0.5 };
  return { how: 'by itself' };
}

function times<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

/** What a case must come to. */
export function expectedOf({ waves }: CasePlan): readonly (readonly (number | null)[])[] {
  return waves.flat().map(({ kind, n }) => model[kind](n));
}
