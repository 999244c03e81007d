import type { Observation, VisibilitySet } from '../science/index.ts';

/**
 * The same observation with every array in shared memory. Tasks on threads get shared memory as it is, all of
 * them the same bytes, where any other array is copied for each: with it sixteen channel tasks read one set
 * of visibilities, without it there would be sixteen copies.
 *
 * It costs one copy, here, and that what is shared must never be written again.
 */
export function shareObservation(observation: Observation): Observation {
  return { ...observation, sets: observation.sets.map(shareSet) };
}

function shareSet(set: VisibilitySet): VisibilitySet {
  return {
    ...set,
    timeS: shareDoubles(set.timeS),
    intervalS: shareDoubles(set.intervalS),
    antenna1: shareIntegers(set.antenna1),
    antenna2: shareIntegers(set.antenna2),
    field: shareIntegers(set.field),
    scan: shareIntegers(set.scan),
    uvwM: shareDoubles(set.uvwM),
    data: shareFloats(set.data),
    weight: shareFloats(set.weight),
    flag: shareBytes(set.flag),
  };
}

/** A copy in shared memory. */
export function shareDoubles(values: Float64Array): Float64Array {
  const shared = new Float64Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

/** A copy in shared memory. */
export function shareBytes(values: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function shareFloats(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

function shareIntegers(values: Int32Array): Int32Array {
  const shared = new Int32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
