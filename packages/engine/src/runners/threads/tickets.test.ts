import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Tickets, MOST_OPEN } from './tickets.ts';

describe('Tickets', () => {
  it('gives a ticket to the side that moves first, once', () => {
    const pool = new Tickets();
    const thread = new Tickets(pool.memory);
    pool.open(1);
    pool.open(2);
    expect([thread.take(1), pool.takeBack(1), thread.take(1)]).toEqual([true, false, false]);
    expect([pool.takeBack(2), thread.take(2), pool.takeBack(2)]).toEqual([true, false, false]);
  });

  it('knows nothing of tickets that were not opened', () => {
    const tickets = new Tickets();
    expect([tickets.take(0), tickets.takeBack(0), tickets.take(7)]).toEqual([false, false, false]);
  });

  it('refuses a stale ticket whose cell serves another', () => {
    const tickets = new Tickets();
    tickets.open(5);
    tickets.open(5 + 2 * MOST_OPEN);
    expect(tickets.take(5)).toBe(false);
    expect(tickets.before(5)).toBe(5 + 2 * MOST_OPEN);
    expect(tickets.take(5 + 2 * MOST_OPEN)).toBe(true);
  });

  it('tells when the code began, and forgets it with the next ticket of the cell', () => {
    const tickets = new Tickets();
    tickets.open(3);
    expect(tickets.beganAt(3)).toBeUndefined();
    tickets.began(3, 1234.5);
    expect(tickets.beganAt(3)).toBe(1234.5);
    tickets.open(3 + 2 * MOST_OPEN);
    expect(tickets.beganAt(3 + 2 * MOST_OPEN)).toBeUndefined();
  });

  it('numbers tickets in a circle, whose last is as good as its first', () => {
    const last = 2 ** 29 - 1;
    const tickets = new Tickets();
    tickets.open(last);
    expect(tickets.take(last)).toBe(true);
    expect(Tickets.next(last)).toBe(0);
    tickets.open(0);
    expect(tickets.takeBack(0)).toBe(true);
  });

  it('never gives one ticket to both sides, however they race', async () => {
    const tickets = new Tickets();
    const count = 20_000;
    const go = new Int32Array(new SharedArrayBuffer(4));
    const code = `
      import { parentPort, workerData } from 'node:worker_threads';
      import { Tickets } from ${JSON.stringify(new URL('tickets.ts', import.meta.url).href)};
      const tickets = new Tickets(workerData.memory);
      const begun = [];
      parentPort.postMessage('up');
      for (let ticket = 1; ticket <= workerData.count; ticket++) {
        while (Atomics.load(workerData.go, 0) < ticket);
        if (tickets.take(ticket)) begun.push(ticket);
      }
      parentPort.postMessage(begun);`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { memory: tickets.memory, count, go },
    });
    await new Promise((resolve) => worker.once('message', resolve));
    const begun = new Promise<number[]>((resolve) => worker.once('message', resolve));
    const taken: number[] = [];
    for (let ticket = 1; ticket <= count; ticket++) {
      tickets.open(ticket);
      Atomics.store(go, 0, ticket);
      if (tickets.takeBack(ticket)) taken.push(ticket);
    }
    const both = [...taken, ...(await begun)].toSorted((a, b) => a - b);
    expect(both).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    await worker.terminate();
  });
});
