/** Where a thread begins: the one reference to the entry, so that a build can point it at its own file. */
export const threadEntry = new URL('./thread-entry.ts', import.meta.url);
