/**
 * Names of an object's own fields, in their order; undefined if it has any that is more than a value: an
 * accessor, one that is hidden from enumeration, one named by a symbol. Calls no code of the object's but a
 * proxy's traps; one that throws hides what it has.
 */
export function ownFields(value: object): readonly string[] | undefined {
  try {
    const names = Object.getOwnPropertyNames(value);
    for (let i = 0; i < names.length; i += 1) if (!isPlainField(value, names[i] ?? '')) return undefined;
    return Object.getOwnPropertySymbols(value).length === 0 ? names : undefined;
  } catch {
    return undefined;
  }
}

/** The value of an own field, without calling a getter; undefined for accessors. */
export function fieldOf(value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value as unknown;
}

/**
 * Has an array neither holes nor fields beside its items? Fields that are named by symbols or hidden from
 * enumeration are not looked for: asking costs more than all the rest. A getter among them is called; one that
 * throws makes the array not dense.
 */
export function isDense(array: readonly unknown[]): boolean {
  try {
    // As many fields as items, and no hole, leave no other field. A hole counts as undefined here.
    if (Object.values(array).length !== array.length) return false;
    if (!includes.call(array, undefined)) return true;
    for (let i = 0; i < array.length; i += 1) if (array[i] === undefined && !(i in array)) return false;
    return true;
  } catch {
    return false;
  }
}

const { includes } = Array.prototype;

/** Names of all that a sparse array holds, fields beside its items included; undefined as in {@link ownFields}. */
export function sparseFields(array: readonly unknown[]): readonly string[] | undefined {
  try {
    const names = Object.getOwnPropertyNames(array).filter((name) => name !== 'length');
    const isPlain = names.every((name) => isPlainField(array, name));
    return isPlain && Object.getOwnPropertySymbols(array).length === 0 ? names : undefined;
  } catch {
    return undefined;
  }
}

function isPlainField(value: object, name: string): boolean {
  const field = Object.getOwnPropertyDescriptor(value, name);
  return field?.enumerable === true && field.get === undefined && field.set === undefined;
}
