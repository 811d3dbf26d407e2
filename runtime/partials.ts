/**
 * Partials: sines that ring on through a clip, added to its spectrum one STFT frame after the other.
 *
 * Twins: test/reference/partials.ts, training/partials.py.
 */
import type { Partials, Spectrum } from './engine.ts';
import type { Arena, KernelExports } from './kernels/kernels.ts';
import type { StftShape } from './stft-shape.ts';

export interface PartialsRoom {
  gain: number;
  frequency: number;
  /** Where every sine is, f64 [channels]: what one STFT frame hands to the next. */
  phases: number;
}

/** Addresses of the STFT frame that the partials go into. */
interface StftFrameRoom {
  real: number;
  imag: number;
  partials: PartialsRoom;
}

export function reservePartials(arena: Arena, channels: number): PartialsRoom {
  return {
    gain: arena.reserve(4 * channels),
    frequency: arena.reserve(4 * channels),
    phases: arena.reserve(8 * channels),
  };
}

/** @param stftFrame from 0, each once and in order: the phases run on. */
export function addPartials(
  call: KernelExports,
  arena: Arena,
  room: StftFrameRoom,
  { gain, frequency, channels }: Partials,
  stftFrame: number,
  { size, hop, sampleRate }: StftShape,
): void {
  const at = room.partials;
  const row = (values: Float32Array) =>
    values.subarray(stftFrame * channels, (stftFrame + 1) * channels);
  arena.f32(at.gain, channels).set(row(gain));
  arena.f32(at.frequency, channels).set(row(frequency));
  call.addPartials(
    ...([room.real, room.imag, size / 2 + 1] as const),
    ...([at.gain, at.frequency, at.phases, channels] as const),
    ...([stftFrame, size / sampleRate, hop / (2 * sampleRate)] as const),
  );
}

/** @throws RangeError if there are partials and their arrays do not fit. */
export function checkPartials({ frames, partials }: Spectrum): void {
  if (partials === undefined) return;
  const { gain, frequency, channels } = partials;
  const isCount = Number.isInteger(channels) && channels >= 0;
  if (isCount && [gain, frequency].every(({ length }) => length === frames * channels)) return;
  throw new RangeError(
    `partials: ${frames} STFT frames of ${channels} partials should hold ${frames} × ${channels} values, we got ` +
      `${gain.length} gains and ${frequency.length} frequencies. Check the decoder's output.`,
  );
}
