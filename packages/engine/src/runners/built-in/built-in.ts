/** The kinds of runners that the package brings: importing this registers them. */
export { inline } from '../inline/inline.ts';
/** What a flow runs on that chooses nothing. */
export { inline as defaultRunner } from '../inline/inline.ts';
export { threads } from '../threads/threads.ts';
/** What is wrong with a name or a choice, with those kinds known. */
export { choiceProblem, nameProblem } from '../runner-kinds.ts';
