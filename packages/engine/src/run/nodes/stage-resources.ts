import { closest, type Claim, type Claims } from '@sidereal/core';
import { undeclaredResource } from './resource-errors.ts';
import type { Shortage } from './shortage.ts';

/** Amounts by name. */
export type Amounts = Readonly<Record<string, number>>;

/**
 * The named resources of a flow or stage: what its option `resources` says, and what those around it have. A stage
 * that names what there is around it is a limit within that: its tasks together hold at most so much. What only stages
 * name belongs to the run, so that stages which run side by side share it: there is as much of it as the most that any
 * of them says.
 */
export class StageResources {
  readonly #claims: Claims;
  /** This one and all around it, the flow's last. */
  readonly #levels: readonly StageResources[];
  readonly #flow: StageResources;
  /** What only stages name, of the whole run. */
  readonly #ofStages: Map<string, number>;
  /** Resources of this level, by name. */
  readonly #own = new Map<string, number>();

  constructor(claims: Claims, above: StageResources | undefined, declared: Amounts) {
    this.#claims = claims;
    this.#levels = above === undefined ? [this] : [this, ...above.#levels];
    this.#flow = above === undefined ? this : above.#flow;
    this.#ofStages = above === undefined ? new Map<string, number>() : above.#ofStages;
    for (const [name, amount] of Object.entries(declared)) {
      if (above !== undefined && !above.#has(name)) this.#addForRun(name, amount);
      this.#own.set(name, claims.addResource(name, amount));
    }
  }

  /** The set of claims on so much of each. Throws `INVALID_OPTION` for a name that nobody has declared. */
  claimSet(amounts: Amounts, task: string, at: () => string | undefined): number {
    const claims: Claim[] = [];
    for (const [name, amount] of Object.entries(amounts)) {
      const resources = this.#resourcesOf(name);
      if (resources.length === 0) {
        const names = ['memory', ...this.#names()];
        throw undeclaredResource(task, name, closest(name, names), names, at());
      }
      if (amount > 0) for (const resource of resources) claims.push({ resource, amount });
    }
    return this.#claims.setOf(claims);
  }

  /** What there is too little of, if there is anything. */
  shortage(amounts: Amounts): Shortage | undefined {
    for (const [name, amount] of Object.entries(amounts)) {
      const most = Math.min(
        ...this.#resourcesOf(name).map((at) => this.#claims.resources[at]?.capacity ?? 0),
      );
      if (amount <= most) continue;
      return {
        reason: 'resource',
        needs: `${amount} ${name}`,
        there: `there ${most === 1 ? 'is' : 'are'} ${most}`,
        remedy: `Let it need less, or say what there is: flow({ resources: { ${name}: ${amount} } }, …).`,
      };
    }
    return undefined;
  }

  /** What is taken by a task here: one of each level that has the name. */
  #resourcesOf(name: string): number[] {
    const found = this.#levels.flatMap((level) => level.#own.get(name) ?? []);
    const isTop = this.#flow.#own.has(name);
    const ofStages = this.#ofStages.get(name);
    if (found.length > 0 && !isTop && ofStages !== undefined) found.push(ofStages);
    return found;
  }

  #has(name: string): boolean {
    return this.#names().includes(name);
  }

  #addForRun(name: string, amount: number): void {
    const known = this.#claims.resources[this.#ofStages.get(name) ?? -1];
    if (known === undefined) this.#ofStages.set(name, this.#claims.addResource(name, amount));
    else known.capacity = Math.max(known.capacity, amount);
  }

  #names(): string[] {
    const names = new Set(this.#levels.flatMap((level) => [...level.#own.keys()]));
    return [...names];
  }
}
