import type { SoundRequestInput } from '../../runtime/contract.ts';
import type { TakeLibrary } from '../takes.ts';

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

/**
 * Likewise for requests, in as many lanes for what is baked and as many for what is not: what a pack has never waits for what
 * must be made. Begins once it is known what is baked.
 */
export async function inTiers(
  requests: readonly SoundRequestInput[],
  lanes: number,
  takes: Pick<TakeLibrary, 'isBaked' | 'known'>,
  work: (request: SoundRequestInput) => Promise<unknown>,
): Promise<void> {
  await takes.known;
  const baked = requests.filter(takes.isBaked);
  const others = requests.filter((request) => !takes.isBaked(request));
  await Promise.all([inLanes(baked, lanes, work), inLanes(others, lanes, work)]);
}
