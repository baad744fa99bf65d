/**
 * libxmtp makes one condition of all consent states that it is given at once, and SQLite takes conditions
 * of a thousand parts at most; more fail with 'Expression tree is too large'.
 */
const mostAtOnce = 500;

/** Calls `work` with one part of `items` after the other. */
export async function inPortions<Item>(
  items: readonly Item[],
  work: (portion: Item[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < items.length; start += mostAtOnce) {
    await work(items.slice(start, start + mostAtOnce));
  }
}
