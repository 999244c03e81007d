/** A promise that a test opens by hand. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}

/** Lets timers and I/O have a few turns. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves once a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}
