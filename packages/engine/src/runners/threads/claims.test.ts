import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Claims, MOST_TICKETS_AHEAD } from './claims.ts';

describe('Claims', () => {
  it('gives a ticket to the side that moves first, once', () => {
    const pool = new Claims();
    const thread = new Claims(pool.memory);
    pool.open(1);
    pool.open(2);
    expect([thread.claim(1), pool.takeBack(1), thread.claim(1)]).toEqual([true, false, false]);
    expect([pool.takeBack(2), thread.claim(2), pool.takeBack(2)]).toEqual([true, false, false]);
  });

  it('knows nothing of tickets that were not opened', () => {
    const claims = new Claims();
    expect([claims.claim(0), claims.takeBack(0), claims.claim(7)]).toEqual([false, false, false]);
  });

  it('refuses a stale ticket whose cell serves another', () => {
    const claims = new Claims();
    claims.open(5);
    claims.open(5 + 2 * MOST_TICKETS_AHEAD);
    expect(claims.claim(5)).toBe(false);
    expect(claims.claim(5 + 2 * MOST_TICKETS_AHEAD)).toBe(true);
  });

  it('tells when the code began, and forgets it with the next ticket of the cell', () => {
    const claims = new Claims();
    claims.open(3);
    expect(claims.beganAt(3)).toBeUndefined();
    claims.began(3, 1234.5);
    expect(claims.beganAt(3)).toBe(1234.5);
    claims.open(3 + 2 * MOST_TICKETS_AHEAD);
    expect(claims.beganAt(3 + 2 * MOST_TICKETS_AHEAD)).toBeUndefined();
  });

  it('numbers tickets in a circle, whose last is as good as its first', () => {
    const last = 2 ** 29 - 1;
    const claims = new Claims();
    claims.open(last);
    expect(claims.claim(last)).toBe(true);
    expect(Claims.next(last)).toBe(0);
    expect(Claims.distance(last, 1)).toBe(2);
    claims.open(0);
    expect(claims.takeBack(0)).toBe(true);
  });

  it('never gives one ticket to both sides, however they race', async () => {
    const claims = new Claims();
    const tickets = 20_000;
    const go = new Int32Array(new SharedArrayBuffer(4));
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      import { Claims } from ${JSON.stringify(new URL('claims.ts', import.meta.url).href)};
      const claims = new Claims(workerData.memory);
      const claimed = [];
      parentPort.postMessage('up');
      for (let ticket = 1; ticket <= workerData.tickets; ticket++) {
        while (Atomics.load(workerData.go, 0) < ticket);
        if (claims.claim(ticket)) claimed.push(ticket);
      }
      parentPort.postMessage(claimed);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { memory: claims.memory, tickets, go },
    });
    await new Promise((resolve) => worker.once('message', resolve));
    const claimed = new Promise<number[]>((resolve) => worker.once('message', resolve));
    const taken: number[] = [];
    for (let ticket = 1; ticket <= tickets; ticket++) {
      claims.open(ticket);
      Atomics.store(go, 0, ticket);
      if (claims.takeBack(ticket)) taken.push(ticket);
    }
    const both = [...taken, ...(await claimed)].toSorted((a, b) => a - b);
    expect(both).toEqual(Array.from({ length: tickets }, (_, index) => index + 1));
    await worker.terminate();
  });
});
