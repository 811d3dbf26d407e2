/** The same session seed and the same events give the same sounds: a whole foley, rendered twice. */
import { expect, test } from 'vitest';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith, type FoleyEvent } from '../../plugin/foley.ts';
import { collision, thing } from './events.ts';
import { createFakeRuntime } from './fake-runtime.ts';
import { sound, soundMap } from './sound-maps.ts';
import { installWebAudio, offlineContext, pulsesOf, renderWith } from './web-audio.ts';

installWebAudio();

const MATERIALS = ['wood', 'metal', 'stone'];

/** Ten hits a second, of three materials by turns. */
async function play(sessionSeed: number) {
  const context = offlineContext(2);
  const adapter = createWebAudioAdapter({ context });
  for (const material of MATERIALS) adapter.addNode({ x: 1, y: 0, z: 0 }, { material });
  const hit = sound('hit', {
    prompt: 'hit of {a.material}',
    variations: 4,
    jitter: { pitch: 2, volume: 3 },
    attenuation: null,
  });
  const runtime = createFakeRuntime();
  const options = { model: '/m/', runtime, sounds: soundMap(hit), sessionSeed, prefetch: false };
  const foley = await createFoleyWith(adapter, options);
  await foley.prefetch(
    MATERIALS.flatMap((material) =>
      [0, 1, 2, 3].map((seed) => ({ prompt: `hit of ${material}`, seed })),
    ),
  );
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const steps = Array.from({ length: 18 }, (_, i) => {
    const a = thing(`${i}`, MATERIALS[i % 3]);
    return [i / 10, () => adapter.emit(collision({ a }))] as const;
  });
  const { left } = await renderWith(context, Object.fromEntries(steps));
  await foley.dispose();
  return { left, log: events.map(({ kind, prompt, seed, rung }) => [kind, prompt, seed, rung]) };
}

test('the same session twice is the same to the sample, with its jitter; another one is not', async () => {
  const [one, same, other] = [await play(7), await play(7), await play(8)];
  expect(pulsesOf(one.left)).toHaveLength(18);
  expect(one.left).toEqual(same.left);
  expect(one.log).toEqual(same.log);
  expect(other.log).not.toEqual(one.log);
  expect(other.left).not.toEqual(one.left);
});

test('jitter is heard: no two hits of one take are of the same height, and all are within it', async () => {
  const { left, log } = await play(7);
  const pulses = pulsesOf(left);
  const ofFirst = pulses.filter((_, i) => log[i]?.[2] === log[0]?.[2]).map(({ peak }) => peak);
  expect(ofFirst.length).toBeGreaterThan(2);
  expect(new Set(ofFirst.map((peak) => peak.toFixed(4))).size).toBe(ofFirst.length);
  expect(Math.max(...ofFirst) / Math.min(...ofFirst)).toBeLessThan(10 ** (6 / 20) * 1.05);
});
