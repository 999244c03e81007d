/**
 * Runs `work` for every item, never more than `width` at a time, in order of the items; results in their order.
 * For stages whose values are so large that not all may be alive at once.
 */
export async function windowed<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item, index: number) => PromiseLike<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
