/**
 * Inverse STFT, "same" alignment: F STFT frames of N samples, hop H → F · H samples.
 *
 *   STFT frame j begins at sample j · H − (N − H) / 2; what lies outside [0, F · H) is cut off.
 *
 *        ├ cut ┤├──────── F · H samples ────────┤├ cut ┤
 *   j=0  ╭─────────────╮
 *   j=1           ╭─────────────╮
 *   j=2                    ╭─────────────╮
 *
 * Each STFT frame: partials and noise filled in, real inverse FFT, times the periodic Hann window, added up; then divided by
 * the sum of squared windows. Source: Siuzdak 2023 (Vocos), arXiv:2306.00814. Twins: test/reference/inverse-stft.ts,
 * training/stft.py.
 */
import type { Spectrum } from './engine.ts';
import type { Arena, KernelExports, Kernels } from './kernels/kernels.ts';
import { addPartials, checkPartials, reservePartials } from './partials.ts';
import { checkStftShape, type StftShape } from './stft-shape.ts';

export interface InverseStft {
  /**
   * @returns f32 [F · H]
   * @throws RangeError if the spectrum's arrays do not hold F · (N/2 + 1) values, or those of its partials F · C.
   */
  run(spectrum: Spectrum): Float32Array;
}

/** Smallest divisor: reached only where windows hardly overlap. */
const ENVELOPE_FLOOR = 1e-8;

/** @throws RangeError if the shape is not as above. */
export function createInverseStft(kernels: Kernels, shape: StftShape): InverseStft {
  const { size, hop } = shape;
  checkStftShape(shape);
  const window = hannWindow(size);
  const twiddles = twiddleTable(size);
  return {
    run(spectrum) {
      checkSpectrum(spectrum, size / 2 + 1);
      checkPartials(spectrum);
      return kernels.scratch((arena) => {
        const room = reserveRoom(arena, spectrum, shape);
        arena.f32(room.window, size).set(window);
        arena.f32(room.twiddles, size).set(twiddles);
        addUp(kernels.call, arena, room, spectrum, shape);
        return cutOut(kernels.call, arena, room, (size - hop) / 2, spectrum.frames * hop);
      });
    },
  };
}

type Room = ReturnType<typeof reserveRoom>;

function reserveRoom(arena: Arena, { frames, partials }: Spectrum, { size, hop }: StftShape) {
  const length = (frames - 1) * hop + size;
  return {
    window: arena.reserve(4 * size),
    twiddles: arena.reserve(4 * size),
    real: arena.reserve(2 * size + 4),
    imag: arena.reserve(2 * size + 4),
    noise: arena.reserve(2 * size + 4),
    partials: reservePartials(arena, partials?.channels ?? 0),
    block: arena.reserve(16),
    stftFrame: arena.reserve(4 * size),
    work: arena.reserve(8 * size),
    sum: arena.reserve(4 * length),
    envelope: arena.reserve(4 * length),
    length,
  };
}

function addUp(
  call: KernelExports,
  arena: Arena,
  room: Room,
  spectrum: Spectrum,
  shape: StftShape,
): void {
  const { size, hop } = shape;
  const bins = size / 2 + 1;
  const real = arena.f32(room.real, bins);
  const imag = arena.f32(room.imag, bins);
  const noise = arena.f32(room.noise, bins);
  arena.f32(room.sum, room.length).fill(0);
  arena.f32(room.envelope, room.length).fill(0);
  for (let j = 0; j < spectrum.frames; j++) {
    real.set(spectrum.real.subarray(j * bins, (j + 1) * bins));
    imag.set(spectrum.imag.subarray(j * bins, (j + 1) * bins));
    noise.set(spectrum.noise.subarray(j * bins, (j + 1) * bins));
    if (spectrum.partials) addPartials(call, arena, room, spectrum.partials, j, shape);
    call.addNoise(room.real, room.imag, room.noise, bins, j, room.block);
    call.inverseFft(room.real, room.imag, room.stftFrame, room.work, room.twiddles, size);
    call.overlapAdd(room.stftFrame, room.window, room.sum + 4 * j * hop, size);
    call.overlapAdd(room.window, room.window, room.envelope + 4 * j * hop, size);
  }
}

function cutOut(
  call: KernelExports,
  arena: Arena,
  room: Room,
  cut: number,
  length: number,
): Float32Array {
  const begin = room.sum + 4 * cut;
  call.divideByEnvelope(begin, room.envelope + 4 * cut, length, ENVELOPE_FLOOR);
  return arena.f32(begin, length).slice();
}

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

function checkSpectrum({ real, imag, noise, frames }: Spectrum, bins: number): void {
  const isCount = Number.isInteger(frames) && frames >= 1;
  const lengths = [real.length, imag.length, noise.length];
  if (isCount && lengths.every((length) => length === frames * bins)) return;
  throw new RangeError(
    `inverse-stft: a spectrum of ${frames} STFT frames should hold ${frames} × ${bins} values, we got ` +
      `${real.length} real, ${imag.length} imaginary and ${noise.length} of noise. Check the decoder's output.`,
  );
}
