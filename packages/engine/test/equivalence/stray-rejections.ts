/** Hears of rejections that nothing catches, in place of whoever does otherwise, until it is disposed. */
export function catchStrays(onStray: (reason: unknown) => void): Disposable {
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', onStray);
  return {
    [Symbol.dispose]: () => {
      process.off('unhandledRejection', onStray);
      for (const listener of others) process.on('unhandledRejection', listener);
    },
  };
}
