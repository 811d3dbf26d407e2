/** Takes that were decoded, the ones used last, within a number of bytes. Whoever gets one gets a copy: it will be transferred. */
import { LRUCache } from 'lru-cache';
import type { StageTimings, Take } from '../contract.ts';

export interface TakeCache {
  /** @param id of who asks now */
  get(key: string, id: number): Take | undefined;
  put(key: string, take: Take): void;
  /** Bytes of all that is kept. */
  readonly bytes: number;
}

const AT_HAND: StageTimings = {
  ...{ cacheMs: 0, textMs: 0, tokensMs: 0, decodeMs: 0, finishMs: 0, totalMs: 0 },
  steps: 0,
};

/** @param maxBytes of PCM and codes; 0 keeps nothing. A take that alone is larger is not kept. */
export function createTakeCache(maxBytes: number): TakeCache {
  const kept = new LRUCache<string, Take>({
    maxSize: Math.max(1, Math.floor(maxBytes)),
    sizeCalculation: ({ pcm, codes }) => pcm.byteLength + codes.byteLength + 1,
  });
  return {
    get(key, id) {
      const take = kept.get(key);
      if (take === undefined) return undefined;
      const { pcm, codes } = take;
      return { ...take, id, pcm: pcm.slice(), codes: codes.slice(), timings: { ...AT_HAND } };
    },
    put(key, take) {
      kept.set(key, { ...take, pcm: take.pcm.slice(), codes: take.codes.slice() });
    },
    get bytes() {
      return kept.calculatedSize;
    },
  };
}
