/**
 * Programs that do not give yet what they must, each with the reason. The suite fails for one of them that
 * does: it is to be taken off.
 */
export const NOT_YET: Readonly<Record<string, string>> = {
  'one key given twice': 'a key given twice in one scope is not refused yet',
  'a map with one key twice': 'a key given twice in one scope is not refused yet',
  'a cycle': 'cycles are refused as arguments',
  'shared parts': 'arguments go by reference yet',
  'a large array': 'arguments go by reference yet',
  'an object changed between calls': 'arguments go by reference yet',
  'a part changed between calls': 'arguments go by reference yet',
  'an array that grows between calls': 'arguments go by reference yet',
  'a Map that grows between calls': 'arguments go by reference yet',
  'a typed array changed between calls': 'arguments go by reference yet',
  'a large array changed between calls': 'arguments go by reference yet',
  'an item that a generator fills again': 'arguments go by reference yet',
  'arguments that are filled again': 'arguments go by reference yet',
  'an argument that the task changes': 'arguments go by reference yet',
  'an argument changed by an attempt that fails': 'arguments go by reference yet',
  'an object changed between calls in a task': 'arguments go by reference yet',
  'two consumers that both change a value': 'consumers share a value yet',
  'a consumer that sorts in place': 'consumers share a value yet',
  'a consumer that overwrites an array': 'consumers share a value yet',
  'a flow that changes what it awaited': 'consumers share a value yet',
  'a flow that changes items of a map': 'consumers share a value yet',
  'an input changed by an attempt that fails': 'consumers share a value yet',
  'a part of an input as a result': 'consumers share a value yet',
  'a shared array': 'there is no shared() yet',
  'futures in Maps': 'futures in Maps and Sets are not found yet',
  'futures in Sets': 'futures in Maps and Sets are not found yet',
  'a promise of a future in a Map': 'futures in Maps and Sets are not found yet',
  'a rejected promise in a Map': 'futures in Maps and Sets are not found yet',
  'returned futures in an array': 'returned futures are not resolved yet',
  'returned futures in Maps and Sets': 'returned futures are not resolved yet',
  'futures that a task returns': 'returned futures are not resolved yet',
  'futures that a stage returns': 'returned futures are not resolved yet',
  'returned futures that a task consumes': 'returned futures are not resolved yet',
  'a future hidden in an instance': 'hidden futures are not refused yet',
  'a future hidden deeper': 'hidden futures are not refused yet',
  'a reduction with skipped items': 'skipped items skip a reduction yet',
  'a reduction of skipped items alone': 'skipped items skip a reduction yet',
  'one of ten thousand items is a rejected promise': 'a rejection of which nobody has heard ends the process',
  'the class of an error': 'errors keep their class inline yet',
  'a strict task from a factory': 'strict tasks that cannot be known again are not refused yet',
  'a strict task given a closure': 'strict tasks that cannot be known again are not refused yet',
};

/** Programs that come right or do not by chance: they are left alone until they always do. */
export const BY_CHANCE: Readonly<Record<string, string>> = {
  'an object changed while its call waits': 'arguments go by reference',
  'a reduction with a rejected item': 'a rejection may be heard of too late, and ends the process',
  'a reduction of one rejected item': 'a rejection may be heard of too late, and ends the process',
  'a reduction with one rejected item of many': 'a rejection may be heard of too late, and ends the process',
  'the first item is a rejected promise': 'a rejection may be heard of too late, and ends the process',
  'the last of two hundred items is a rejected promise':
    'a rejection may be heard of too late, and ends the process',
  'every item is a rejected promise': 'a rejection may be heard of too late, and ends the process',
  'a rejected promise among the arguments of an item':
    'a rejection may be heard of too late, and ends the process',
};

/** Programs that do not come right yet with what is done to them: `program, variant`, each with the reason. */
export const NEIGHBOURS_NOT_YET: Readonly<Record<string, string>> = {
  'a reduction with a failed item, resumed after it failed':
    'a recorded failure that a reduction or map has consumed is unhandled when it is gone on with',
  'a map of a map with a failed item, resumed after it failed':
    'a recorded failure that a reduction or map has consumed is unhandled when it is gone on with',
  'a reduction with a rejected item, all together':
    'a rejection may be heard of too late, and ends the process',
  'a reduction of one rejected item, all together':
    'a rejection may be heard of too late, and ends the process',
};
