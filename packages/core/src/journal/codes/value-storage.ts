/** How a completed node's value is kept. Codes are part of the journal format: append, never renumber. */
export const VALUE_STORAGE = { none: 0, inline: 1, file: 2 } as const;
export type ValueStorage = (typeof VALUE_STORAGE)[keyof typeof VALUE_STORAGE];

/** Is this the code of a storage? */
export function isValueStorage(code: number): code is ValueStorage {
  return code === VALUE_STORAGE.none || code === VALUE_STORAGE.inline || code === VALUE_STORAGE.file;
}
