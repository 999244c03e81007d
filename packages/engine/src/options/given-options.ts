/** Options without those that are `undefined`: these are left out, and must not hide what others say. */
export function givenOptions<Options extends object>(options: Options): Options {
  const given = { ...options };
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) Reflect.deleteProperty(given, name);
  }
  return given;
}
