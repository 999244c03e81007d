import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { flow, sleep, task } from 'sidereal';

/** Rejects with what is no error. */
async function left(what: unknown): Promise<never> {
  throw what;
}

const rejection = task({ name: 'rejection' }, async () => {
  void Promise.reject(new Error('left by rejection'));
});

const late = task({ name: 'late' }, async () => {
  void (async () => {
    await sleep('10ms');
    throw new Error('left by late');
  })();
});

const timer = task({ name: 'timer' }, async () => {
  setTimeout(() => {
    throw new Error('left by timer');
  }, 10);
});

const event = task({ name: 'event' }, async () => {
  setTimeout(() => new EventEmitter().emit('error', new Error('left by event')), 10);
});

const text = task({ name: 'text' }, async () => {
  void left('left by text');
});

const nothing = task({ name: 'nothing' }, async () => {
  void left(undefined);
});

/** Twice on one port: the second one's `error` event has no listener. */
const port = task({ name: 'port' }, async () => {
  const first = createServer().listen(0, '127.0.0.1', () => {
    createServer()
      .on('close', () => undefined)
      .listen({ ...(first.address() as object) });
  });
  await sleep('100ms');
  first.close();
});

const neighbour = task({ name: 'neighbour' }, async (n: number) => {
  await sleep('200ms');
  return n + 1;
});

/** Its tasks leave errors behind; another is at work then, and so is the flow itself. */
export const straying = flow({ name: 'straying' }, async () => {
  const value = neighbour(1);
  await Promise.all([rejection(), late(), timer(), event(), text(), nothing(), port()]);
  void Promise.reject(new Error('left by straying'));
  return value;
});

if (process.env['OWN_HANDLER'] !== undefined) {
  process.on('uncaughtException', (error) => console.error('the program has heard:', error.message));
}

if (import.meta.main) {
  const value = straying();
  if (process.env['OUTSIDE'] !== undefined) void Promise.reject(new Error('left by the program'));
  console.log(await value);
}
