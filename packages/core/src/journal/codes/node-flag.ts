/** Facts that a node is declared with, a bit each. Part of the journal format: append, never renumber. */
export const NODE_FLAG = {
  /** Of strict durability. */
  strict: 1,
  /** Its value is kept whatever its size. */
  persist: 2,
  /** Its task or its arguments cannot be told from others. */
  neverReused: 4,
} as const;
