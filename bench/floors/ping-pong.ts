import { Worker } from 'node:worker_threads';

const SOURCE =
  "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m));";

/** Floor of a hop between threads: seconds for `count` messages to a worker thread and back, one after another. */
export async function barePingPong(count: number): Promise<number> {
  const worker = new Worker(SOURCE, { eval: true });
  await exchange(worker, 1000);
  const seconds = await exchange(worker, count);
  await worker.terminate();
  return seconds;
}

async function exchange(worker: Worker, times: number): Promise<number> {
  const began = performance.now();
  await new Promise<void>((resolve) => {
    let left = times;
    worker.removeAllListeners('message');
    worker.on('message', () => {
      left -= 1;
      if (left === 0) resolve();
      else worker.postMessage({ id: left, args: [left] });
    });
    worker.postMessage({ id: times, args: [times] });
  });
  return (performance.now() - began) / 1000;
}
