/** Facts about a node, a bit each. The folder in brackets alone sets and clears it. */

/** Its value can be read back from the record. [values] */
export const DURABLE = 1;
/** Its value lies in a file, which may be lost: what made it is kept. [values] */
export const IN_FILE = 2;
/** Its value was lost after it had ended: while it has not ended, it is being computed again. [values] */
export const RECOMPUTED = 4;
/** It has ended and the shell has done all that belongs to that: what others see of it is final. [nodes] */
export const SETTLED = 8;
/** Held for futures that its caller may still use. [futures] */
export const RETAINED = 16;
/** Its task or arguments cannot be told from others: it is never reused. [calls] */
export const UNTOLD = 32;
/** Its code may execute again in this process, or that around it: what it submitted is found by key then. [calls] */
export const REPEATABLE = 64;
/** Counts among the plain calls outstanding. [calls] */
export const OUTSTANDING = 128;
/** What executed it has died, perhaps of it: it executes without neighbours from now on. [attempts] */
export const SUSPECT = 256;
