import { describe, expect, test } from 'vitest';
import type { Take } from '../../../runtime/contract.ts';
import { createTakeCache } from '../../../runtime/player/take-cache.ts';

function take(samples: number): Take {
  const timings = { cacheMs: 0, textMs: 0, tokensMs: 0, decodeMs: 3, finishMs: 1, totalMs: 4 };
  return {
    ...{ id: 1, soundKey: '', prompt: 'rain', seed: 0, source: 'baked', sampleRate: 32000 },
    ...{ pcm: new Float32Array(samples).fill(0.5), codes: new Uint16Array(4), numCodebooks: 4 },
    ...{ model: 'm', licence: 'MIT', timings: { ...timings, steps: 0 } },
  };
}

describe('take cache', () => {
  test('never above its bytes, whatever is put into it; what was used longest ago goes', () => {
    const cache = createTakeCache(10_000);
    for (let i = 0; i < 200; i++) {
      cache.put(`${i}`, take((i * 37) % 900));
      expect(cache.bytes).toBeLessThanOrEqual(10_000);
      cache.get('0', 1);
    }
    expect(cache.bytes).toBeGreaterThan(5000);
    expect(cache.get('0', 1)).toBeDefined();
    expect(cache.get('1', 1)).toBeUndefined();
  });

  test('a take larger than all of it is not kept, and throws nothing out', () => {
    const cache = createTakeCache(10_000);
    cache.put('small', take(100));
    cache.put('large', take(10_000));
    expect(cache.get('large', 1)).toBeUndefined();
    expect(cache.get('small', 1)).toBeDefined();
  });

  test('copies in, copies out, under the id of who asks', () => {
    const cache = createTakeCache(10_000);
    const mine = take(100);
    cache.put('rain', mine);
    mine.pcm.fill(0);
    const first = cache.get('rain', 7)!;
    expect([first.id, first.pcm[0], first.timings.decodeMs]).toEqual([7, 0.5, 0]);
    first.pcm.fill(0);
    expect(cache.get('rain', 8)!.pcm[0]).toBe(0.5);
  });

  test('0 bytes keep nothing', () => {
    const cache = createTakeCache(0);
    cache.put('rain', take(0));
    expect([cache.get('rain', 1), cache.bytes]).toEqual([undefined, 0]);
  });
});
