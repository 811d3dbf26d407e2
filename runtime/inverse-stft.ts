/**
 * Inverse STFT of a whole spectrum: F STFT frames of N samples, hop H → F · H samples. The work is done, STFT frame by
 * STFT frame, by assemblyscript/stft-stream.ts.
 */
import type { Spectrum } from './engine.ts';
import type { Kernels } from './kernels/kernels.ts';
import { checkStftShape, type StftShape } from './stft-shape.ts';
import { createStftStream, type StftStream } from './stft-stream.ts';

export interface InverseStft {
  /**
   * @returns f32 [F · H]
   * @throws RangeError if the spectrum's arrays do not hold F · (N/2 + 1) values, or those of its partials F · C.
   */
  run(spectrum: Spectrum): Float32Array;
}

/** @throws RangeError if the shape is not as stft-shape.ts says. */
export function createInverseStft(kernels: Kernels, shape: StftShape): InverseStft {
  checkStftShape(shape);
  const { memory } = kernels;
  const bins = shape.size / 2 + 1;
  const pcmRoom = memory.keep(4 * (shape.size + shape.hop));
  const streams = new Map<number, StftStream>(); // by the number of partials
  const streamOf = (channels: number) => {
    const stream = streams.get(channels) ?? createStftStream(memory, shape, channels);
    streams.set(channels, stream);
    return stream;
  };

  return {
    run(spectrum) {
      checkSpectrum(spectrum, bins);
      checkPartials(spectrum);
      const { frames } = spectrum;
      const stream = streamOf(spectrum.partials?.channels ?? 0);
      const pcm = new Float32Array(frames * shape.hop);
      stream.reset();
      let written = 0;
      for (let j = 0; j < frames; j++) {
        fill(kernels, stream, spectrum, j, bins);
        const count = kernels.call.addStftFrame(stream.address, j === frames - 1, pcmRoom);
        pcm.set(memory.f32(pcmRoom, count), written);
        written += count;
      }
      return pcm;
    },
  };
}

/** STFT frame j of the spectrum into the stream. */
function fill(
  { memory }: Kernels,
  { input }: StftStream,
  { real, imag, noise, partials }: Spectrum,
  j: number,
  bins: number,
): void {
  const put = (address: number, values: Float32Array, width: number) =>
    memory.f32(address, width).set(values.subarray(j * width, (j + 1) * width));
  put(input.real, real, bins);
  put(input.imag, imag, bins);
  put(input.noise, noise, bins);
  if (partials === undefined) return;
  put(input.gain, partials.gain, partials.channels);
  put(input.frequency, partials.frequency, partials.channels);
}

function checkSpectrum({ real, imag, noise, frames }: Spectrum, bins: number): void {
  const isCount = Number.isInteger(frames) && frames >= 1;
  const lengths = [real.length, imag.length, noise.length];
  if (isCount && lengths.every((length) => length === frames * bins)) return;
  throw new RangeError(
    `inverse-stft: a spectrum of ${frames} STFT frames should hold ${frames} × ${bins} values, we got ` +
      `${real.length} real, ${imag.length} imaginary and ${noise.length} of noise. Check the decoder's output.`,
  );
}

/** @throws RangeError if there are partials and their arrays do not fit. */
function checkPartials({ frames, partials }: Spectrum): void {
  if (partials === undefined) return;
  const { gain, frequency, channels } = partials;
  const isCount = Number.isInteger(channels) && channels >= 0;
  if (isCount && [gain, frequency].every(({ length }) => length === frames * channels)) return;
  throw new RangeError(
    `inverse-stft: ${frames} STFT frames of ${channels} partials should hold ${frames} × ${channels} values, we got ` +
      `${gain.length} gains and ${frequency.length} frequencies. Check the decoder's output.`,
  );
}
