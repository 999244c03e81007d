/**
 * Folder of the store that runs are recorded in unless told otherwise: what `SIDEREAL_STORE` names, or
 * `.sidereal` in the working directory.
 */
export function storeFolderIn(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['SIDEREAL_STORE'];
  return named === undefined || named === '' ? '.sidereal' : named;
}
