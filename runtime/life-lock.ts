/** The worker's side of worker-watch.ts: a Web Lock that ends with the worker, however it ends. */

/** @returns true once the lock is held, to the end of this worker's life; false where there are no Web Locks. */
export function holdLock(name: string): Promise<boolean> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  if (locks === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const forever = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    locks.request(name, forever).catch(() => resolve(false));
  });
}
