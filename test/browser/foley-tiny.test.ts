/** The embedded model in Chromium: words in, recognisably different sounds out, the same ones again. */
import { afterAll, describe, expect, test } from 'vitest';
import { spectrogramLevels } from '../../demo-scene/analysis/spectrogram.ts';
import { createRuntimeClient, type RuntimeClient } from '../../runtime/client.ts';
import type { SoundRequestInput, Take } from '../../runtime/contract.ts';

const MODEL = '/models/foley-tiny/';
const DOOR = { prompt: 'a heavy wooden door slams', duration: 1.2, seed: 1 };
const RAIN = { prompt: 'heavy rain', duration: 1.2, seed: 1 };

interface Golden {
  codecFrames: number;
  cases: { prompt: string; seed: number; sampledCodes: number[][]; greedyCodes: number[][] }[];
}

let client: RuntimeClient = createRuntimeClient({ modelUrl: MODEL });
afterAll(() => client.dispose());

/** Decibels relative to the loudest point, down to −60; [20 bands, 24 moments]. */
function picture({ pcm, sampleRate }: Take): Float32Array {
  const levels = spectrogramLevels(pcm, { sampleRate, width: 24, height: 20 });
  const loudest = Math.max(...levels);
  return levels.map((level) => Math.max(-60, level - loudest));
}

/** Mean difference of two pictures, dB. */
function spectralDistance(a: Take, b: Take): number {
  const [one, two] = [picture(a), picture(b)];
  return one.reduce((sum, level, i) => sum + Math.abs(level - two[i]!), 0) / one.length;
}

function energyBetween({ pcm, sampleRate }: Take, from: number, to: number): number {
  const part = pcm.subarray(from * sampleRate, to * sampleRate);
  return part.reduce((sum, x) => sum + x * x, 0);
}

const generate = (request: SoundRequestInput) => client.generate(request);

describe('foley-tiny in Chromium', () => {
  test('two prompts give clearly different sounds, two seeds of one prompt nearer ones', async () => {
    await client.clearCache();
    const [door, otherDoor] = [await generate(DOOR), await generate({ ...DOOR, seed: 2 })];
    const rain = await generate(RAIN);
    expect(spectralDistance(door, rain)).toBeGreaterThan(12);
    expect(spectralDistance(door, rain)).toBeGreaterThan(1.3 * spectralDistance(door, otherDoor));
    expect(otherDoor.codes).not.toEqual(door.codes);
  });

  test('a slam is loudest at its start, rain goes on', async () => {
    const [door, rain] = [await generate(DOOR), await generate(RAIN)];
    expect(energyBetween(door, 0, 0.3)).toBeGreaterThan(3 * energyBetween(door, 0.5, 0.8));
    const halves = energyBetween(rain, 0.6, 1.1) / energyBetween(rain, 0.05, 0.55);
    expect(halves).toBeGreaterThan(0.3);
    expect(halves).toBeLessThan(3);
  });

  test('nothing clips and nothing is silent', async () => {
    for (const take of [await generate(DOOR), await generate(RAIN)]) {
      const peak = take.pcm.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(peak).toBeGreaterThan(0.05);
      expect(peak).toBeLessThanOrEqual(0.9); // −1 dBTP
    }
  });

  test('sampled and greedy codes are those that Node makes, from the same golden file', async () => {
    const golden = (await (await fetch('/test/golden/foley-tiny.json')).json()) as Golden;
    const { sampling, codecFrameRate } = await client.load();
    for (const { prompt, seed, sampledCodes, greedyCodes } of golden.cases) {
      const request = { prompt, seed, duration: golden.codecFrames / codecFrameRate, ...sampling };
      expect([...(await generate(request)).codes]).toEqual(sampledCodes.flat());
      const greedy = { ...request, temperature: 0, topK: 0 };
      expect([...(await generate(greedy)).codes]).toEqual(greedyCodes.flat());
    }
  });

  test('the same request comes from the cache with the same codes, after a reload from IndexedDB', async () => {
    const first = await generate(DOOR);
    const second = await generate(DOOR);
    expect([second.source, second.codes]).toEqual(['memory', first.codes]);
    await client.dispose();
    client = createRuntimeClient({ modelUrl: MODEL });
    const third = await generate(DOOR);
    expect([third.source, third.codes, third.pcm]).toEqual(['indexeddb', first.codes, first.pcm]);
  });
});
