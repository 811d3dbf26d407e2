/**
 * What the judge hears in a take: a convolutional listener, and where its opinion lies beside what prompts mean.
 *
 *   log-mel [F, 64] ── 3 convolutions ──▶ [F/4, 8, 96] ── join ──▶ [F/4, 192] ── 3 dilated convolutions ──▶
 *     mean and maximum over what sounds [384] ── tower ──▶ f32 [128], of length 1
 *
 * F STFT frames, at most 3.2 s. Twin: training/judge.py (Judge.pooled) and training/text_score.py (heard).
 */
import type { Hertz } from '../../runtime/contract.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import { createInt8Layer, type Layer, relu } from './int8-layer.ts';
import { BANDS, type LogMel, logMel, STFT_RATE } from './log-mel.ts';
import { type Image, imagePatches, type Strides, signalPatches } from './patches.ts';
import { createTower } from './tower.ts';

/** STFT frames that the judge hears. */
const LONGEST = 3.2 * STFT_RATE;
/** STFT frames that become one moment. */
const STRIDE = 4;
const CHANNELS = [1, 24, 48, 96] as const;
const STRIDES: readonly Strides[] = [
  { time: 2, band: 2 },
  { time: 2, band: 2 },
  { time: 1, band: 2 },
];
const WIDTH = 192;
const DILATIONS = [1, 3, 6] as const;
/** 40 dB below the loudest moment the sound is over. */
const OVER = 0.01;

/** @returns f32 [128] of a finished sound */
export type Hearing = (pcm: Float32Array, sampleRate: Hertz) => Float32Array;

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createHearing(kernels: Kernels, tensors: TensorFile): Hearing {
  const layer = (name: string, inputs: number, outputs: number): Layer =>
    createInt8Layer(kernels, tensors, name, inputs, outputs);
  const images = STRIDES.map((_, i) =>
    layer(`images.${i}`, 9 * (CHANNELS[i] ?? 0), CHANNELS[i + 1] ?? 0),
  );
  const join = layer('join', 8 * CHANNELS[3], WIDTH);
  const times = DILATIONS.map((_, i) => layer(`times.${i}`, 3 * WIDTH, WIDTH));
  const tower = createTower(kernels, tensors, 'heard', 2 * WIDTH);

  function trunk(picture: LogMel): Float32Array {
    let image: Image = {
      ...{ values: picture.values, times: picture.stftFrames, bands: BANDS, channels: 1 },
    };
    images.forEach((convolve, i) => {
      const patches = imagePatches(image, STRIDES[i] ?? { time: 1, band: 1 });
      const values = relu(convolve(patches.values));
      image = { ...patches, values, channels: CHANNELS[i + 1] ?? 0 };
    });
    return times.reduce(
      (signal, convolve, i) =>
        added(signal, relu(convolve(signalPatches(signal, WIDTH, DILATIONS[i] ?? 1)))),
      relu(join(image.values)),
    );
  }

  return (pcm, sampleRate) => {
    const picture = wholeMoments(logMel(pcm, sampleRate));
    return tower(pooled(trunk(picture), soundingMoments(picture)));
  };
}

/** Cut to the longest, and filled up with silence to a whole number of moments. */
function wholeMoments({ values, stftFrames }: LogMel): LogMel {
  const heard = Math.min(LONGEST, stftFrames);
  const whole = Math.max(STRIDE, Math.ceil(heard / STRIDE) * STRIDE);
  const padded = new Float32Array(whole * BANDS);
  padded.set(values.subarray(0, heard * BANDS));
  return { values: padded, stftFrames: whole };
}

/** How many moments there are until the sound is over; at least one. */
function soundingMoments({ values, stftFrames }: LogMel): number {
  const levels = Array.from({ length: stftFrames }, (_, t) => {
    let sum = 0;
    for (let i = t * BANDS; i < (t + 1) * BANDS; i++) sum += Math.expm1(2 * (values[i] ?? 0));
    return sum;
  });
  const threshold = OVER * Math.max(...levels);
  const last = levels.findLastIndex((level) => level > threshold);
  return Math.floor(Math.max(0, last) / STRIDE) + 1;
}

/** [T, 192] → mean and maximum over the first moments [384] */
function pooled(signal: Float32Array, moments: number): Float32Array {
  const out = new Float32Array(2 * WIDTH).fill(Number.NEGATIVE_INFINITY, WIDTH);
  for (let t = 0; t < moments; t++) {
    for (let c = 0; c < WIDTH; c++) {
      const value = signal[t * WIDTH + c] ?? 0;
      out[c] = (out[c] ?? 0) + value / moments;
      out[WIDTH + c] = Math.max(out[WIDTH + c] ?? 0, value);
    }
  }
  return out;
}

function added(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + (b[i] ?? 0));
}
