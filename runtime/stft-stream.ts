/** Memory of an inverse STFT that runs as a stream; assemblyscript/stft-stream.ts says what it computes. */
import type { KernelMemory } from './kernels/kernels.ts';
import type { StftShape } from './stft-shape.ts';

export interface StftStream {
  /** Of the kernels' structure. */
  address: number;
  /** Where an STFT frame goes in: real, imag, noise f32[N/2 + 1], gain, frequency f32[channels]. */
  input: { real: number; imag: number; noise: number; gain: number; frequency: number };
  /** Begins a new clip. */
  reset(): void;
}

/** Room that stays. @param channels of partials, ≥ 0 */
export function createStftStream(
  memory: KernelMemory,
  { size, hop, sampleRate }: StftShape,
  channels: number,
): StftStream {
  const floats = (count: number) => memory.keep(4 * count);
  const bins = size / 2 + 1;
  const input = {
    real: floats(bins),
    imag: floats(bins),
    noise: floats(bins),
    gain: floats(channels),
    frequency: floats(channels),
  };
  const phases = memory.keep(8 * channels);
  const window = floats(size);
  const twiddles = floats(size);
  const [samples, work, block] = [floats(size), floats(2 * size), memory.keep(16)];
  const [sum, envelope] = [floats(size), floats(size)];
  memory.f32(window, size).set(hannWindow(size));
  memory.f32(twiddles, size).set(twiddleTable(size));
  const fields = [
    ...[size, hop, sampleRate, channels, 0],
    ...Object.values(input),
    ...[phases, window, twiddles, samples, work, block, sum, envelope],
  ];
  const address = memory.keep(4 * fields.length);
  memory.u32(address, fields.length).set(fields);
  return {
    address,
    input,
    reset() {
      memory.u32(address, fields.length)[STFT_FRAMES] = 0;
      memory.f32(sum, size).fill(0);
      memory.f32(envelope, size).fill(0);
    },
  };
}

/** Index of the count of STFT frames. */
const STFT_FRAMES = 4;

/** Periodic Hann: ½ − ½ cos(2πn/N). */
function hannWindow(size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size),
  );
}

/** cos(2πk/N) for k < N/2, then sin. */
export function twiddleTable(size: number): Float32Array {
  const half = size / 2;
  return Float32Array.from({ length: size }, (_, k) => {
    const angle = (2 * Math.PI * (k % half)) / size;
    return k < half ? Math.cos(angle) : Math.sin(angle);
  });
}
