/** Sounds for tests of the quality gate, 32 kHz, each as plain as can be. */
import { noise, sine } from '../../reference/seeded.ts';

export const SAMPLE_RATE = 32000;

export function silence(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * SAMPLE_RATE));
}

/** Steady noise at this level, dB of full scale. */
export function hiss(seconds: number, level: number, seed = 1): Float32Array {
  const rms = 10 ** (level / 20);
  return noise(Math.round(seconds * SAMPLE_RATE), seed, rms * Math.sqrt(3));
}

/** A struck thing: falls by this many dB a second from its first sample on. */
export function strike(seconds: number, fall: number, hertz = 800): Float32Array {
  return sine(seconds, SAMPLE_RATE, { hertz, amplitude: 0.5 }).map(
    (sample, n) => sample * 10 ** ((-fall * n) / SAMPLE_RATE / 20),
  );
}

/** One after the other. */
export function inTurn(...sounds: Float32Array[]): Float32Array {
  return Float32Array.from(sounds.flatMap((sound) => [...sound]));
}

export function louder(sound: Float32Array, db: number): Float32Array {
  return sound.map((sample) => sample * 10 ** (db / 20));
}
