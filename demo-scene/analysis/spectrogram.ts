/**
 * PCM → picture of its frequencies over time.
 *
 *   pcm  f32[samples]  ──Hann window, FFT──▶  power [columns, size/2 + 1]  ──dB, log rows──▶  RGBA [height, width]
 *
 * Column c is centred on sample (c + ½) · samples / width. Rows are logarithmic in frequency (scales.ts). Colours span
 * `rangeDb` below the loudest point. Where a row covers several bins it shows the strongest of them.
 */
import type { Decibels, Hertz } from '../../runtime/contract.ts';
import { createFft, type Fft } from '../../runtime/fft.ts';
import { colourMap } from './colour-map.ts';
import { frequencyOfRow } from './scales.ts';

export interface SpectrogramOptions {
  sampleRate: Hertz;
  /** Pixels. */
  width: number;
  height: number;
  /** Samples of a transform, a power of two. Default 1024. */
  fftSize?: number;
  /** Default 72. */
  rangeDb?: Decibels;
}

/** RGBA bytes [height, width, 4]. */
export interface Picture {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Any length of pcm, also 0 (then the picture is all silence). */
export function drawSpectrogram(pcm: Float32Array, options: SpectrogramOptions): Picture {
  const { width, height, rangeDb = 72 } = options;
  const levels = spectrogramLevels(pcm, options);
  const loudest = levels.reduce((most, level) => Math.max(most, level), -120);
  const map = colourMap();
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < levels.length; i++) {
    const level = 1 + (levels[i]! - loudest) / rangeDb;
    const colour = 3 * Math.round(255 * Math.min(1, Math.max(0, level)));
    for (let channel = 0; channel < 3; channel++) pixels[i * 4 + channel] = map[colour + channel]!;
    pixels[i * 4 + 3] = 255;
  }
  return { width, height, pixels };
}

/** Decibels, f32 [height, width]; −160 for silence. A sine of amplitude 1 peaks at 0 dB. */
export function spectrogramLevels(pcm: Float32Array, options: SpectrogramOptions): Float32Array {
  const { sampleRate, width, height, fftSize = 1024 } = options;
  const fft = createFft(fftSize);
  const window = hann(fftSize);
  const bands = rowBands(height, sampleRate, fftSize);
  const levels = new Float32Array(width * height);
  for (let column = 0; column < width; column++) {
    const centre = Math.round(((column + 0.5) * pcm.length) / width);
    const power = powerAt(pcm, centre, fft, window);
    for (let row = 0; row < height; row++) {
      const [from, to] = bands[row]!;
      levels[row * width + column] = 10 * Math.log10(strongest(power, from, to) + 1e-16);
    }
  }
  return levels;
}

function hann(size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size),
  );
}

/** |X|² of the windowed samples around `centre`; outside the clip is silence. */
function powerAt(pcm: Float32Array, centre: number, fft: Fft, window: Float32Array): Float32Array {
  const re = new Float32Array(fft.size);
  const im = new Float32Array(fft.size);
  const start = centre - fft.size / 2;
  for (let n = 0; n < fft.size; n++) re[n] = (pcm[start + n] ?? 0) * window[n]!;
  fft.transform(re, im);
  const scale = (4 / fft.size) ** 2;
  return Float32Array.from(
    { length: fft.size / 2 + 1 },
    (_, k) => scale * (re[k]! ** 2 + im[k]! ** 2),
  );
}

/** The bins, in fractions, that each row of pixels covers. */
function rowBands(height: number, sampleRate: Hertz, fftSize: number): [number, number][] {
  const binWidth = sampleRate / fftSize;
  return Array.from({ length: height }, (_, row) => [
    frequencyOfRow(row + 1, sampleRate / 2, height) / binWidth,
    frequencyOfRow(row, sampleRate / 2, height) / binWidth,
  ]);
}

/** The strongest bin of a band; between two bins where the band is narrower than one. */
function strongest(power: Float32Array, from: number, to: number): number {
  const last = power.length - 1;
  const first = Math.ceil(from);
  if (first > to) {
    const below = Math.min(Math.floor(from), last);
    const t = (from + to) / 2 - below;
    return power[below]! * (1 - t) + power[Math.min(below + 1, last)]! * t;
  }
  let most = 0;
  for (let bin = first; bin <= Math.min(to, last); bin++) most = Math.max(most, power[bin]!);
  return most;
}
