/** Round numbers for an axis from `low` to `high`: multiples of 1, 2 or 5 × 10ⁿ, about `wanted` of them. */
export function niceTicks(low: number, high: number, wanted = 5): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= raw) ?? 10 * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index++)
    ticks.push(index * step);
  return ticks;
}

/** Powers of ten (and, over short spans, their doubles and halves) between two positive numbers. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades > 3 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** A format for evenly spaced ticks that tells each from the next, however far from zero they are. */
export function tickFormat(ticks: readonly number[]): (value: number) => string {
  const [first = 0, second = first] = ticks;
  const step = Math.abs(second - first);
  const largest = Math.max(...ticks.map(Math.abs), 0);
  if (step === 0 || largest >= 1e6 || largest < 1e-3) return (value) => formatNumber(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value) => (value === 0 ? '0' : value.toFixed(decimals).replace('-', '−'));
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A number for people: up to `digits` significant ones, powers of ten where it is very large or small, a real minus. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e');
    const power = Array.from(
      String(Math.abs(Number(exponent))),
      (digit) => SUPERSCRIPTS[Number(digit)] ?? '',
    ).join('');
    const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${short} × 10${Number(exponent) < 0 ? '⁻' : ''}${power}`
      .replace('-', '−')
      .replace(/^(−?)1 × /, '$1');
  }
  return String(Number(value.toPrecision(digits))).replace('-', '−');
}
