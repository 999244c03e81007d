/** Why a task can never start here: it needs more than there is. */
export interface Shortage {
  readonly reason: 'resource' | 'memory';
  /** What it needs, and what there is, in words. */
  readonly needs: string;
  readonly there: string;
  readonly remedy: string;
}
