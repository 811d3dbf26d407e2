import { expect, test } from 'vitest';
import { createPointEmitters } from '../../../plugin/emitter/point-emitters.ts';
import type { SoundPlace } from '../../../plugin/mixer/sound-place.ts';
import type { Point } from '../../../plugin/scene-event.ts';
import type { Playable } from '../../../plugin/takes.ts';
import { createVoices } from '../../../plugin/voices.ts';
import type { SoundPart } from '../../../runtime/contract.ts';

const playable = { take: {}, buffer: null, duration: 10 } as Playable;

async function setUp(count: number, ready: () => Promise<void> = () => Promise.resolve()) {
  let time = 0;
  const placed: (Point | undefined)[][] = [];
  const audible: boolean[] = [];
  const errors: unknown[] = [];
  const create = (): SoundPlace => {
    const index = placed.push([]) - 1;
    return {
      input: null,
      ready: ready(),
      place: (point) => {
        placed[index]?.push(point);
        return 0;
      },
      setAudible: (value) => {
        audible[index] = value;
      },
      distance: () => 1,
      distanceGain: () => 1,
      reach: () => 0,
      onBend: () => {},
      dispose: () => {},
    };
  };
  const now = () => time;
  const voices = createVoices({ context: null, maxVoices: 8, isRunning: () => true, now });
  const onFailed = (error: unknown) => void errors.push(error);
  const points = createPointEmitters({ count, create, voices, now, onFailed });
  const start = (x: number, priority = 0) =>
    points.start(playable, {
      volume: 1,
      pitch: 0,
      loop: false,
      priority,
      point: { x, y: 0, z: 0 },
    });
  const wait = (seconds: number) => {
    time += seconds;
  };
  await new Promise((resolve) => setTimeout(resolve));
  return { points, start, wait, placed, audible, errors };
}

const xs = (placed: (Point | undefined)[][]) => placed.map((points) => points.map((p) => p?.x));

test('each sound has an emitter of its own while there are any', async () => {
  const { start, placed, audible } = await setUp(3);
  for (const x of [1, 2, 3]) start(x);
  expect(xs(placed)).toEqual([[1], [2], [3]]);
  expect(audible).toEqual([true, true, true]);
});

test('when all are busy the oldest moves on, unless it has only just begun', async () => {
  const { start, wait, placed } = await setUp(2);
  const first = start(1);
  wait(0.01);
  start(2);
  expect(start(3)).toBeNull();
  wait(0.06);
  start(4);
  expect(xs(placed)).toEqual([[1, 4], [2]]);
  expect(first?.playing).toBe(false);
});

test('a higher priority takes the least important at once, a lower one never', async () => {
  const { start, wait, placed } = await setUp(2);
  start(1, 1);
  start(2, 0);
  start(3, 1);
  expect(xs(placed)).toEqual([[1], [2, 3]]);
  wait(9);
  expect(start(4, 0)).toBeNull();
});

test('a sound that is being made takes an emitter like any other', async () => {
  const { points, start, wait, placed } = await setUp(1);
  const first = start(1);
  wait(0.06);
  const parts: SoundPart[] = [
    { pcm: new Float32Array(4800), sampleRate: 48000, source: 'generated' },
  ];
  const request = { volume: 1, pitch: 0, loop: false, priority: 0, point: { x: 2, y: 0, z: 0 } };
  const voice = points.stream(parts, 0, request);
  expect([first?.playing, voice?.playing]).toEqual([false, true]);
  expect(xs(placed)).toEqual([[1, 2]]);
});

test('before the emitters are made there is no sound; one that cannot be made is told', async () => {
  const pending = await setUp(1, () => new Promise(() => {}));
  expect(pending.start(1)).toBeNull();
  const failing = await setUp(2, () => Promise.reject(new Error('no panner')));
  expect(failing.start(1)).toBeNull();
  expect(failing.errors).toHaveLength(2);
});
