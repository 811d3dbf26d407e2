/**
 * How a room answers a clap: noise that decays.
 *
 *   ▇▆▅▄▃▃▂▂▂▁▁▁▁▁        −60 dB after `seconds`, below 2 kHz
 *   ▇▅▃▂▁▁                above, sooner by the damping: carpets and curtains take the heights
 *
 * Left and right are different noise, so that the room is around the ear. The energy of each is 1: reverb is as loud as what goes in,
 * whatever the room. Same seed, same room.
 */
import type { Hertz, Seconds } from '../../runtime/contract.ts';

export interface ImpulseResponseOptions {
  /** Until −60 dB, > 0; at most 10 are used. */
  seconds: Seconds;
  /** 0: bare walls, to 1: heavy curtains. */
  damping: number;
  sampleRate: Hertz;
  seed: number;
}

export const LONGEST_REVERB: Seconds = 10;
/** What is below decays as the room says. */
const SPLIT_HZ = 2000;
/** Of the decay time, with full damping, above. */
const DAMPED = 0.8;

/** @returns left and right, f32 [seconds · sampleRate]. */
export function createImpulseResponse(
  options: ImpulseResponseOptions,
): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const random = createRandom(options.seed);
  return [createChannel(options, random), createChannel(options, random)];
}

function createChannel(
  { seconds, damping, sampleRate }: ImpulseResponseOptions,
  random: () => number,
): Float32Array<ArrayBuffer> {
  const lasts = Math.min(seconds, LONGEST_REVERB);
  const pcm = new Float32Array(Math.max(1, Math.ceil(lasts * sampleRate)));
  const smooth = 1 - Math.exp((-2 * Math.PI * SPLIT_HZ) / sampleRate);
  const lowDecay = decayPerSample(lasts, sampleRate);
  const highDecay = decayPerSample(lasts * (1 - DAMPED * damping), sampleRate);
  let once = 0;
  let low = 0;
  let lowGain = 1;
  let highGain = 1 - damping / 2;
  let energy = 0;
  for (let i = 0; i < pcm.length; i++) {
    const noise = random();
    once += smooth * (noise - once);
    low += smooth * (once - low);
    const value = low * lowGain + (noise - low) * highGain;
    pcm[i] = value;
    energy += value * value;
    lowGain *= lowDecay;
    highGain *= highDecay;
  }
  const gain = 1 / Math.sqrt(energy);
  for (let i = 0; i < pcm.length; i++) pcm[i] = (pcm[i] ?? 0) * gain;
  return pcm;
}

/** @returns the factor that makes 60 dB in so many seconds. */
function decayPerSample(seconds: Seconds, sampleRate: Hertz): number {
  return 10 ** (-3 / (seconds * sampleRate));
}

/** Numbers from −1 to 1: xorshift32, which is even enough for noise. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2 ** 31;
  };
}
