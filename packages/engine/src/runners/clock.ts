/** Now, milliseconds since the epoch with fractions; the same in every thread of a machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
