/**
 * Floor of an inline task run: a queue of ready tasks, a number of slots, and one promise a task, with nothing
 * recorded and no features.
 */
const SLOTS = 64;

/** Seconds for `count` tasks, the second time. */
export async function bareDispatch(count: number): Promise<number> {
  await execute(count);
  const began = performance.now();
  await execute(count);
  return (performance.now() - began) / 1000;
}

async function execute(count: number): Promise<void> {
  let next = 0;
  const noop = async (_item: number): Promise<undefined> => undefined;
  await new Promise<void>((resolve) => {
    let ended = 0;
    const start = (): void => {
      if (next === count) return;
      next += 1;
      noop(next).then(
        () => {
          ended += 1;
          if (ended === count) resolve();
          else start();
        },
        () => undefined,
      );
    };
    for (let slot = 0; slot < SLOTS; slot += 1) start();
  });
}
