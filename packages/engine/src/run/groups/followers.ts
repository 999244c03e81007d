import type { RunFuture } from '../futures/run-future.ts';

/** What consumes a map's items as they are submitted. */
export interface ItemFollower {
  item(future: RunFuture): void;
  complete(): void;
  /** No more items come, because of this error. */
  failed(error: unknown): void;
  /** Items of the source that are done with here, and in what follows here. */
  done(): number;
}

/** A map whose items others take as they are submitted. */
export interface FollowedItems {
  /** A map or reduce takes the items, from the first on. */
  follow(follower: ItemFollower): void;
  /** An item has ended in one of its followers: values may go, and more items may come. */
  itemDone(): void;
}

/** The maps and reduces that follow one map. */
export class Followers {
  readonly #followers: ItemFollower[] = [];

  get isEmpty(): boolean {
    return this.#followers.length === 0;
  }

  add(follower: ItemFollower): void {
    this.#followers.push(follower);
  }

  item(future: () => RunFuture): void {
    for (const follower of this.#followers) follower.item(future());
  }

  complete(): void {
    for (const follower of this.#followers) follower.complete();
  }

  failed(error: unknown): void {
    for (const follower of this.#followers) follower.failed(error);
  }

  /** Of so many items done with in the map itself, those that every follower is done with too. */
  done(own: number): number {
    let done = own;
    for (const follower of this.#followers) done = Math.min(done, follower.done());
    return done;
  }
}
