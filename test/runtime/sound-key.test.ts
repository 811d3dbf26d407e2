import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SoundRequest } from '../../runtime/contract.ts';
import { sha256, sha256Portable } from '../../runtime/sha256.ts';
import { canonicalJson, soundKey } from '../../runtime/sound-key.ts';

const REQUEST: SoundRequest = {
  id: 1,
  prompt: 'rain on a tin roof',
  duration: 1,
  seed: 3,
  guidanceScale: 3,
  temperature: 1,
  topK: 128,
  topP: 0,
  loop: false,
  priority: 0,
};

afterEach(() => vi.unstubAllGlobals());

describe('sound key', () => {
  test('is the SHA-256 of the canonical JSON of sound, model and arithmetic', async () => {
    const text =
      '{"arithmetic":"a","duration":1,"guidanceScale":3,"loop":false,"modelHash":"m","prompt":"rain on a tin roof","seed":3,"temperature":1,"topK":128,"topP":0}';
    const expected = createHash('sha256').update(text).digest('hex');
    expect(await soundKey(REQUEST, 'm', 'a')).toBe(expected);
  });

  test('id and priority are not part of it, the order of fields neither', async () => {
    const other = Object.fromEntries(
      Object.entries({ ...REQUEST, id: 9, priority: 5 }).reverse(),
    ) as unknown as SoundRequest;
    expect(await soundKey(other, 'm', 'a')).toBe(await soundKey(REQUEST, 'm', 'a'));
  });

  test('every other field, the model and the arithmetic change it', async () => {
    const changes = [
      { prompt: 'rain' },
      { duration: 2 },
      { seed: 4 },
      { guidanceScale: 1 },
      { temperature: 0 },
      { topK: 0 },
      { topP: 0.5 },
      { loop: true },
    ];
    const keys = await Promise.all([
      soundKey(REQUEST, 'm', 'a'),
      soundKey(REQUEST, 'n', 'a'),
      soundKey(REQUEST, 'm', 'b'),
      ...changes.map((change) => soundKey({ ...REQUEST, ...change }, 'm', 'a')),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('canonical JSON sorts the keys of nested objects and keeps the order of lists', () => {
    expect(canonicalJson({ b: [2, { d: 1, c: null }], a: 'x' })).toBe(
      '{"a":"x","b":[2,{"c":null,"d":1}]}',
    );
  });
});

describe('SHA-256', () => {
  test('the portable one agrees with Node for every length 0 to 130', () => {
    const bytes = Uint8Array.from({ length: 130 }, (_, i) => (i * 37 + 11) & 255);
    for (let length = 0; length <= bytes.length; length++) {
      const part = bytes.subarray(0, length);
      expect(sha256Portable(part)).toBe(createHash('sha256').update(part).digest('hex'));
    }
  });

  test('a page without Web Crypto gets the same digest', async () => {
    const bytes = new TextEncoder().encode('scenefoley');
    const digest = await sha256(bytes);
    vi.stubGlobal('crypto', {});
    expect(await sha256(bytes)).toBe(digest);
  });
});
