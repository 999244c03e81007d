/** Programs that do not come right yet with what is done to them: `program, variant`, each with the reason. */
export const NEIGHBOURS_NOT_YET: Readonly<Record<string, string>> = {
  'a reduction with a failed item, resumed after it failed':
    'a recorded failure that a reduction or map has consumed is unhandled when it is gone on with',
  'a map of a map with a failed item, resumed after it failed':
    'a recorded failure that a reduction or map has consumed is unhandled when it is gone on with',
};
