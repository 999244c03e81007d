/**
 * Entry of the store's thread: requests in, replies and events out, in front of one {@link StoreWriter}.
 * It ends by itself once it has answered `close`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { CodeFingerprints } from '../../fingerprint/code-fingerprints.ts';
import { StoreWriter } from '../writer/store-writer.ts';
import { FlowWatch } from './flow-watch.ts';
import type { FromThread, Notice, ReplyValue, Request, ThreadOptions } from '../wire/protocol.ts';
import { toWire } from '../wire/wire-error.ts';

const port = parentPort;
const options = workerData as ThreadOptions;
let writer: StoreWriter | undefined;
let fingerprints: CodeFingerprints | undefined;
const watch = new FlowWatch({
  nodeName: (handle, idx) => writer?.nodeName(handle, idx),
  held: (handle, held) => send({ type: 'event', handle, event: { type: 'held', ...held } }),
});

function send(message: FromThread): void {
  port?.postMessage(message);
}

async function perform(request: Exclude<Request, { type: 'append' }>): Promise<ReplyValue> {
  if (request.type === 'open') {
    writer = await StoreWriter.open(options, {
      replies: (replies) => send({ type: 'replies', replies }),
      event: (handle, event) => send({ type: 'event', handle, event }),
    });
    return undefined;
  }
  if (writer === undefined) return undefined;
  switch (request.type) {
    case 'create-run':
      return await writer.createRun(request.handle, request.header);
    case 'resume-run':
      return await writer.resumeRun(request.handle, request.runId, request.takeOver);
    case 'read-value':
      return await writer.readValue(request.handle, request.idx);
    case 'fingerprint': {
      // Loaded when first asked for, after the start.
      fingerprints ??= new (await import('../../fingerprint/code-fingerprints.ts')).CodeFingerprints();
      return await fingerprints.of(request.code);
    }
    case 'close-journal':
      watch.remove(request.handle);
      await writer.closeJournal(request.handle, request.abandon);
      return undefined;
    case 'close':
      watch.close();
      await writer.close();
      return undefined;
  }
}

async function answer(message: Exclude<Request, { type: 'append' }>): Promise<void> {
  const { request } = message;
  try {
    const value = await perform(message);
    send({ type: 'replies', replies: [{ request, value }] });
  } catch (error) {
    send({ type: 'replies', replies: [{ request, error: toWire(error) }] });
  }
  if (message.type === 'close-journal' && message.done !== undefined) {
    Atomics.store(message.done, 0, 1);
    Atomics.notify(message.done, 0);
  }
  if (message.type === 'close') port?.close();
}

port?.on('message', (message: Request | Notice) => {
  if (message.type === 'append') writer?.append(message.request, message.handle, message);
  else if (message.type === 'columns') writer?.shared(message);
  else if (message.type === 'watch') watch.add(message);
  else void answer(message);
});
