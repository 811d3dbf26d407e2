/**
 * Does something for each of many items, a few at a time and in their order: a long list costs no long task.
 * @throws the first error, as soon as it happens; the others go on.
 */
export function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const next = items.values(); // one iterator for all lanes
  return new Promise((resolve, reject) => {
    const lane = async () => {
      for (const item of next) {
        try {
          await work(item);
        } catch (error) {
          reject(error);
        }
      }
    };
    void Promise.all(Array.from({ length: lanes }, lane)).then(() => resolve());
  });
}
