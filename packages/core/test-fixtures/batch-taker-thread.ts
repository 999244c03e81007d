/** Takes whatever is published in a shared batch, as fast as it can, until it is told to end; then posts what it took. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { BatchCells } from '../src/journal/batch/batch-cells.ts';
import { BatchTaker } from '../src/journal/batch/batch-taker.ts';
import type { RecordColumn } from '../src/journal/wire/column-memory.ts';

export interface TakerData {
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** [number of the last batch that the store has, 1 to end] */
  readonly state: Int32Array<SharedArrayBuffer>;
}

export interface Columns {
  readonly version: number;
  readonly columns: readonly RecordColumn[];
}

const { cells, state } = workerData as TakerData;
const taker = new BatchTaker(new BatchCells(cells));
const taken: [number, Uint8Array][] = [];
if (parentPort === null) throw new Error('to be started as a thread');
parentPort.postMessage('ready');
while (Atomics.load(state, 1) === 0) {
  for (let given = receiveMessageOnPort(parentPort); given; given = receiveMessageOnPort(parentPort)) {
    const { version, columns } = given.message as Columns;
    taker.received(version, columns);
  }
  const number = Atomics.load(state, 0) + 1;
  const bytes = taker.take(number);
  if (bytes === undefined) {
    Atomics.wait(state, 1, 0, 0.1);
    continue;
  }
  taken.push([number, bytes]);
  Atomics.compareExchange(state, 0, number - 1, number);
}
parentPort.postMessage(taken);
parentPort.close();
