/** Gives an object a field, calling no setter. */
export function defineField(target: object, name: string, value: unknown, enumerable = true): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable });
}

/** The same, faster where the field is there; `__proto__` means something else when it is assigned to. */
export function setField(target: object, name: string, value: unknown): void {
  if (name !== '__proto__' && Object.hasOwn(target, name)) (target as Record<string, unknown>)[name] = value;
  else defineField(target, name, value);
}
