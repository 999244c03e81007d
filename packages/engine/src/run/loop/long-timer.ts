/** Longest single timer of Node, ms: a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** A timer of any length. Returns what clears it. */
export function longTimer(ms: number, fire: () => void): () => void {
  let left = ms;
  let timer: NodeJS.Timeout;
  const set = (): void => {
    const step = Math.min(left, LONGEST_MS);
    left -= step;
    timer = setTimeout(left > 0 ? set : fire, step);
  };
  set();
  return () => clearTimeout(timer);
}
