/** Sounds in parts, as the runtime streams them, and how far their playback is from that of the unsplit sound. */

import { createVoices } from '../../plugin/voices.ts';
import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import { renderWith } from './offline.ts';

/** Of the embedded model. */
export const PART_RATE = 32000;

type Signal = (seconds: number) => number;

function sampled(signal: Signal, seconds = 1): Float32Array {
  return Float32Array.from({ length: seconds * PART_RATE }, (_, i) => signal(i / PART_RATE));
}

function tone(frequency: number): Float32Array {
  return sampled((t) => 0.5 * Math.sin(2 * Math.PI * frequency * t));
}

function noise(): Float32Array {
  let state = 7;
  return sampled(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

/** A second of each, at most 0.5 high. */
export const SIGNALS: Record<string, Float32Array> = {
  'a low tone': tone(440),
  'a tone': tone(3001),
  'a high tone': tone(10007),
  'a sweep': sampled((t) => 0.5 * Math.sin(2 * Math.PI * (100 * t + 6950 * t * t))),
  noise: noise(),
};

/** @param sizes samples of each part, from the first on again when they are used up */
export function splitInto(pcm: Float32Array, sizes: number[], sampleRate = PART_RATE): SoundPart[] {
  const parts: SoundPart[] = [];
  for (let at = 0; at < pcm.length; ) {
    const size = sizes[parts.length % sizes.length] ?? pcm.length;
    parts.push({ pcm: pcm.slice(at, at + size), sampleRate, source: 'generated' });
    at += size;
  }
  return parts;
}

/** Like the runtime's, few codec frames at first; odd numbers of samples, so that no join falls on a sample. */
export const SIZES = [1121, 1919, 2561, 3839, 5119, 7681, 10241];

export interface Case {
  pcm: Float32Array;
  sampleRate: number;
  /** Semitones. */
  pitch: number;
  /** Each part as a clip of its own, begun when the one before ends: what streaming must be better than. */
  naive?: boolean;
}

/** On a whole sample of every usual rate. */
const START = 0.04;

/** Both at once, the unsplit sound on the left. Each part is pushed when the one before begins, the first two at once. */
export async function renderBoth({ pcm, sampleRate, pitch, naive }: Case) {
  const rate = 2 ** (pitch / 12);
  const seconds = pcm.length / PART_RATE / rate;
  const context = new OfflineAudioContext(2, Math.ceil((seconds + 0.2) * sampleRate), sampleRate);
  const voices = createVoices({ context, maxVoices: 16, isRunning: () => true, now: () => 0 });
  const [leftEar, rightEar] = createEars(context);
  const place = { volume: 1, pitch, priority: 0, distanceGain: () => 1 };
  const parts = splitInto(pcm, SIZES);
  let heard = 0;
  const begins = parts.map((part) => {
    const begin = START + heard / PART_RATE / rate;
    heard += part.pcm.length;
    return begin;
  });
  const clip = (samples: Float32Array, destination: AudioNode, at: Seconds) => {
    const buffer = context.createBuffer(1, samples.length, PART_RATE);
    buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0);
    const { duration } = buffer;
    voices.start({ ...place, destination, buffer, duration, loop: null, prepare: () => at });
  };
  clip(pcm, leftEar, START);
  let steps: Record<number, () => void> = {};
  if (naive) {
    for (const [i, part] of parts.entries()) clip(part.pcm, rightEar, begins[i] ?? 0);
  } else {
    const beginning = { parts: parts.slice(0, 2), wait: 0, prepare: () => START };
    const voice = voices.stream({ ...place, ...beginning, destination: rightEar });
    const pushes = parts.slice(2).map((part, i) => [begins[i + 1], () => voice.push(part, 0)]);
    steps = { ...Object.fromEntries(pushes), [begins.at(-1) ?? 0]: voice.close };
  }
  const joins = begins.slice(1).map((begin) => begin * sampleRate);
  return { ...(await renderWith(context, steps)), joins, starved: voices.starved };
}

function createEars(context: BaseAudioContext): [GainNode, GainNode] {
  const merger = context.createChannelMerger(2);
  merger.connect(context.destination);
  const [left, right] = [context.createGain(), context.createGain()];
  left.connect(merger, 0, 0);
  right.connect(merger, 0, 1);
  return [left, right];
}

/** Largest difference within 8 ms of a join, dB relative to the peak. */
export async function joinErrorDb(one: Case): Promise<number> {
  const { left, right, joins } = await renderBoth(one);
  const near = Math.ceil(0.008 * one.sampleRate);
  const differences = joins.flatMap((join) => {
    const from = Math.round(join) - near;
    return Array.from({ length: 2 * near }, (_, i) =>
      Math.abs((left[from + i] ?? 0) - (right[from + i] ?? 0)),
    );
  });
  const peak = left.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return 20 * Math.log10(Math.max(1e-12, ...differences) / peak);
}
