import type { Correlation } from '../observation/observation.ts';

/** Which feed of each antenna a correlation is made of: indices into `feeds`. */
export interface FeedPair {
  readonly first: number;
  readonly second: number;
}

/** Names of the feeds in a list of correlations (`X`, `Y` or `R`, `L`, or `I` alone), and each correlation's pair. */
export function feedsOf(correlations: readonly Correlation[]): { feeds: string[]; pairs: FeedPair[] } {
  const feeds: string[] = [];
  const indexOf = (name: string): number => {
    const known = feeds.indexOf(name);
    if (known >= 0) return known;
    feeds.push(name);
    return feeds.length - 1;
  };
  const pairs = correlations.map((name) =>
    name.length === 1
      ? { first: indexOf('I'), second: indexOf('I') }
      : { first: indexOf(name.slice(0, 1)), second: indexOf(name.slice(1)) },
  );
  return { feeds, pairs };
}
