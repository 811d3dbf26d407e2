/**
 * Work on many things, a few at a time, begun in their order.
 *
 *   items ──▶ lane 1 ──▶ …        the first error ends it: nothing more is begun, and what is under way is waited for,
 *         ──▶ lane 2 ──▶ …        so that nothing goes on behind the back of whoever hears of it
 */
export async function inLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items].values();
  const errors: unknown[] = [];
  const lane = async () => {
    for (const item of waiting) {
      if (errors.length > 0) return;
      await work(item).catch((error) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (errors.length > 0) throw errors[0];
}
