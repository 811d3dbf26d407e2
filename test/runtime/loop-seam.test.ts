import { describe, expect, test } from 'vitest';
import { finish } from '../../runtime/finishing.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { findLoopSeam, SHORTEST_LOOP } from '../../runtime/loop-seam.ts';
import { crossfadeLevel, energyOf, seamFlux, seamStep } from '../reference/loops.ts';
import { fastRandom, noise, sine } from '../reference/seeded.ts';

const kernels = await loadKernels();
const RATE = 32000;
const SECONDS = 4.26;
const CROSSFADE = RATE / 4;

function seamOf(pcm: Float32Array, longest = 4 * RATE) {
  return findLoopSeam(pcm, { sampleRate: RATE, longest, crossfade: CROSSFADE });
}

function loopOf(clip: Float32Array): Float32Array {
  const options = { sampleRate: RATE, loop: true, targetLufs: -23, truePeakDb: -1, duration: 4 };
  return finish(kernels, clip, { ...options, fadeInMs: 1, fadeOutMs: 20 }).pcm;
}

function mixOf(...clips: Float32Array[]): Float32Array {
  return Float32Array.from(clips[0] ?? [], (_, i) =>
    clips.reduce((sum, clip) => sum + (clip[i] ?? 0), 0),
  );
}

const toneAt = (hertz: number) => sine(SECONDS, RATE, { hertz, amplitude: 0.1 });
const rain = (seed: number) => noise(SECONDS * RATE, seed, 0.1);

/** Clicks that die away in 5 ms, about ten a second, on a bed. */
function crackle(seed: number): Float32Array {
  const random = fastRandom(seed);
  const pcm = noise(SECONDS * RATE, seed, 0.005);
  for (let at = 0; at < pcm.length - 800; at += Math.ceil(random() * RATE * 0.2)) {
    const height = 0.3 * random();
    for (let i = 0; i < 800; i++) pcm[at + i]! += height * (2 * random() - 1) * Math.exp(-i / 160);
  }
  return pcm;
}

/** 12.3 beats a second, each of them noise. */
function beats(): Float32Array {
  const beat = RATE / 12.3;
  return rain(7).map((x, i) => x * Math.exp((-5 * (i % beat)) / beat));
}

const CLIPS: [string, Float32Array][] = [
  ['a hum', toneAt(97.3)],
  ['a high tone', toneAt(3711)],
  ['a chord', mixOf(toneAt(110.7), toneAt(221.4), toneAt(332.1))],
  ['a hum in noise', mixOf(toneAt(97.3), rain(3))],
  ['rain', rain(1)],
  ['crackle', crackle(1)],
  ['more crackle', crackle(2)],
  ['beats', beats()],
];

describe.each(CLIPS)('%s', (_, clip) => {
  const loop = loopOf(clip);

  test('its last sample meets its first with no larger a step than there is inside', () => {
    expect(seamStep(loop)).toBeLessThan(1.01); // a pure tone's steps: half a sample of phase
  });

  test('spectral flux where it closes is below its maximum elsewhere', () => {
    expect(seamFlux(loop)).toBeLessThan(1);
  });

  test('the crossfade is as loud as what meets in it, within 1 dB', () => {
    expect(Math.abs(crossfadeLevel(loop, clip, seamOf(clip)))).toBeLessThan(1);
  });

  test('at most as long as asked, at most a fifth and a block shorter', () => {
    expect(loop.length).toBeLessThanOrEqual(4 * RATE);
    expect(loop.length).toBeGreaterThanOrEqual(SHORTEST_LOOP * 4 * RATE - 0.04 * RATE);
  });
});

test.each(CLIPS.slice(0, 3))('%s meets itself in phase', (_, clip) => {
  expect(seamOf(clip).correlation).toBeGreaterThan(0.99);
});

test('without the search a hum would not: the bound can fail', () => {
  const clip = toneAt(97.3);
  const heads = clip.subarray(0, CROSSFADE);
  const product = heads.reduce((sum, x, i) => sum + x * (clip[4 * RATE + i] ?? 0), 0);
  expect(product / energyOf(heads)).toBeLessThan(0.9);
});

test('beats go on in their rhythm, within 4 ms', () => {
  const beat = RATE / 12.3;
  const { length } = seamOf(beats());
  const off = Math.abs(length / beat - Math.round(length / beat)) * beat;
  expect(off / RATE).toBeLessThan(0.004);
});

test('the seam is where the clip is most like itself', () => {
  const clip = rain(5);
  const [start, length] = [0.16 * RATE, 3.6 * RATE];
  clip.copyWithin(start + length, start, start + CROSSFADE + 640);
  expect(seamOf(clip)).toMatchObject({ length });
  expect(seamOf(clip).correlation).toBeGreaterThan(0.99);
});

test('a swell closes where it is as loud as where it began', () => {
  const clip = rain(2).map((x, i) => x * (1 + 9 * (i / RATE > 3.5 ? (i / RATE - 3.5) / 0.76 : 0)));
  const { start, length } = seamOf(clip);
  expect((start + length + CROSSFADE) / RATE).toBeLessThan(3.9);
});

test('silence, and clips too short to choose from, are closed as they are', () => {
  expect(seamOf(new Float32Array(SECONDS * RATE)).correlation).toBe(0);
  for (let length = 2; length <= 67; length++) {
    const options = { sampleRate: RATE, longest: length - (length >> 2), crossfade: length >> 2 };
    const seam = findLoopSeam(noise(length, length), options);
    expect(seam).toMatchObject({ start: 0, length: options.longest });
  }
});

test('four seconds are searched in less than 10 ms', () => {
  const clip = mixOf(toneAt(97.3), rain(3));
  const times = Array.from({ length: 20 }, () => {
    const from = performance.now();
    seamOf(clip);
    return performance.now() - from;
  });
  expect(Math.min(...times)).toBeLessThan(10);
});
