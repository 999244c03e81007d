import { epochMs } from '../clock.ts';
import type { ScopeInfo } from '../../context/operation.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import { decodeOutcome, encodeThrew } from '../cloning/encoded-outcome.ts';
import { openParcel, parcelOf } from '../cloning/parcel.ts';
import type { RemoteRequest } from '../request.ts';
import type { FromJob, ToJob } from './job-messages.ts';

interface Wait {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The author's end of the channel between a job and the flow's side: requests, waits and their answers. */
export class JobLink {
  readonly names: ClassNames;
  readonly #send: (message: FromJob) => void;
  /** Waits for futures, and for containers to begin. */
  #futures: Map<number, Wait> | undefined;
  #containers: Map<number, PromiseWithResolvers<ScopeInfo>> | undefined;
  #nextWait = 0;

  /** `send` throws if a message cannot be cloned. */
  constructor(send: (message: FromJob) => void, names: ClassNames) {
    this.names = names;
    this.#send = send;
  }

  /** Sends a request. Throws if something in it cannot travel. */
  perform({ number, under, operation: asked }: RemoteRequest): void {
    const operation = parcelOf(asked, this.names);
    if (operation === undefined) throw new TypeError('something in it cannot travel');
    this.#send({ type: 'performed', number, under, operation });
  }

  /** The outcome of an operation's future. */
  value(number: number, item: number | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const wait = this.#nextWait++;
      (this.#futures ??= new Map<number, Wait>()).set(wait, { resolve, reject });
      this.#send({ type: 'awaited', wait, number, item, sinceMs: epochMs() });
    });
  }

  /** Resolves once code inside a container is to be executed. Rejects if the job is to stop before. */
  begun(number: number): Promise<ScopeInfo> {
    const wait = this.#nextWait++;
    const begun = Promise.withResolvers<ScopeInfo>();
    (this.#containers ??= new Map<number, typeof begun>()).set(wait, begun);
    this.#send({ type: 'opened', wait, number });
    return begun.promise;
  }

  /** The code inside a container has returned. Throws if the value cannot travel. */
  bodyReturned(number: number, value: unknown): void {
    const parcel = parcelOf(value, this.names);
    if (parcel === undefined) throw new TypeError('something in it cannot travel');
    this.#send({ type: 'bodyEnded', number, outcome: { type: 'returned', parcel } });
  }

  bodyThrew(number: number, error: unknown): void {
    this.#send({ type: 'bodyEnded', number, outcome: encodeThrew(error, this.names) });
  }

  /** An answer has come. */
  receive(message: Exclude<ToJob, { type: 'abort' }>): void {
    switch (message.type) {
      case 'begun':
        this.#containers?.get(message.wait)?.resolve(message.info);
        this.#containers?.delete(message.wait);
        break;
      case 'unopened':
        this.#containers?.get(message.wait)?.reject(openParcel(message.reason, this.names));
        this.#containers?.delete(message.wait);
        break;
      case 'settled':
        this.#settle(message);
        break;
    }
  }

  #settle(message: Extract<ToJob, { type: 'settled' }>): void {
    const wait = this.#futures?.get(message.wait);
    this.#futures?.delete(message.wait);
    const outcome = decodeOutcome(message.outcome, this.names);
    if (outcome.type === 'threw') wait?.reject(outcome.error);
    else wait?.resolve(outcome.value);
  }

  /** The job is to stop: containers that have not begun never will. */
  abort(reason: unknown): void {
    for (const { reject } of this.#containers?.values() ?? []) reject(reason);
    this.#containers?.clear();
  }
}
