/** A count with its thousands apart. */
export function countText(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A figure with three digits that count, or a dash for none. */
export function figureText(value: number | undefined, digits = 3): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000) return countText(value).replace('-', '−');
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}

/** Seconds, in the unit that suits them. */
export function secondsText(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '–';
  const size = Math.abs(seconds);
  if (size >= 1 || size === 0) return `${figureText(seconds)} s`;
  if (size >= 1e-3) return `${figureText(seconds * 1e3)} ms`;
  return `${figureText(seconds * 1e6)} µs`;
}
