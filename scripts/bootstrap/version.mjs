// @ts-check
/**
 * Is `version` (`24.21.0`) at least `minimum`? Compares the three numbers; whatever follows them is ignored.
 *
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const [have, need] = [parts(version), parts(minimum)];
  for (let i = 0; i < 3; i++) {
    const difference = (have[i] ?? 0) - (need[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** @param {string} version */
function parts(version) {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
