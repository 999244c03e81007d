import { FlowThreadCells } from '@sidereal/core';
import { Watchdog, type EndedHold } from '../../watchdog/watchdog.ts';
import type { WatchedRun } from '../wire/protocol.ts';

export interface FlowWatchHost {
  /** Name of a node of a journal, and the id of its run. */
  nodeName(handle: number, idx: number): { readonly runId: string; readonly name: string } | undefined;
  /** The thread of a journal's run was held. */
  held(handle: number, held: EndedHold): void;
}

/** The runs of this store whose thread is watched: one watchdog for all, for it is one thread. */
export class FlowWatch {
  readonly #host: FlowWatchHost;
  /** Journals, by what their run is called in the thread. */
  readonly #handles = new Map<number, number>();
  #watchdog: Watchdog | undefined;

  constructor(host: FlowWatchHost) {
    this.#host = host;
  }

  add({ handle, run, cells }: WatchedRun): void {
    this.#handles.set(run, handle);
    this.#watchdog ??= new Watchdog(new FlowThreadCells(cells), {
      nameOf: (begun, node) => this.#nameOf(begun, node),
      freed: (held) => {
        for (const watched of this.#handles.values()) this.#host.held(watched, held);
      },
    });
  }

  /** The journal is closed. */
  remove(handle: number): void {
    for (const [run, watched] of this.#handles) if (watched === handle) this.#handles.delete(run);
    if (this.#handles.size === 0) this.close();
  }

  close(): void {
    this.#watchdog?.close();
    this.#watchdog = undefined;
  }

  #nameOf(run: number, node: number): { readonly runId: string; readonly name: string } | undefined {
    const handle = this.#handles.get(run);
    return handle === undefined ? undefined : this.#host.nodeName(handle, node);
  }
}
