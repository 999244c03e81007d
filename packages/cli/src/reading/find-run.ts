import { isSiderealError } from '@sidereal/core';
import type { StoreReader } from '@sidereal/store';
import { cliError } from '../errors/cli-error.ts';

const PAGE = 1_000;

/**
 * The id of the run that is meant: `latest`, an id, a beginning of one that only one run has, or the end of
 * one (the random part after its dash). Throws RUN_NOT_FOUND, RUN_AMBIGUOUS.
 */
export function findRun(reader: StoreReader, text: string): string {
  if (text === 'latest') return latest(reader);
  try {
    return reader.run(text).id;
  } catch (error) {
    if (!isSiderealError(error, 'RUN_NOT_FOUND')) throw error;
    const found = endingIn(reader, text.toLowerCase());
    const [only, second] = found;
    if (only === undefined) throw error;
    if (second === undefined) return only;
    throw cliError(
      'RUN_AMBIGUOUS',
      `several runs end in ${text}: ${found.slice(0, 3).join(', ')}`,
      'Give more of the id.',
    );
  }
}

function latest(reader: StoreReader): string {
  const [run] = reader.listRuns({ limit: 1 });
  if (run !== undefined) return run.id;
  throw cliError('RUN_NOT_FOUND', 'the store has no runs yet', 'Start one: sidereal run MODULE.');
}

/** Ids whose part after the dash ends so; a look at every run, newest first. */
function endingIn(reader: StoreReader, text: string): string[] {
  if (!/^[0-9a-z]{3,6}$/.test(text)) return [];
  const found: string[] = [];
  let before: string | undefined;
  for (;;) {
    const page = reader.listRuns({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    for (const { id } of page) if (id.endsWith(text)) found.push(id);
    if (page.length < PAGE) return found;
    before = page.at(-1)?.id;
  }
}
