/**
 * True peak of a clip, and a look-ahead limiter that keeps it below a ceiling.
 *
 *   gain  ────╮         ╭──────   falls as a ramp within the look-ahead,
 *             ╰─╮   ╭───╯         rises with the release;
 *               ╰───╯             1 wherever nothing near is too loud
 *   peak        ▲ above the ceiling
 *
 * A loop is laid out twice, so that the gain at its end runs into the gain at its beginning.
 * Kernels: assemblyscript/true-peak.ts, sliding-minimum.ts, limiter.ts. Twin: test/reference/limiter.ts.
 */
import type { Hertz, Seconds } from './contract.ts';
import type { Arena, Kernels } from './kernels/kernels.ts';

const LOOK_AHEAD: Seconds = 0.0015;
/** The gain's way back to 1: this long until 1/e of it is left. */
const RELEASE: Seconds = 0.05;
const PASSES = 3;

export interface LimitOptions {
  sampleRate: Hertz;
  /** Linear, > 0. */
  ceiling: number;
  loop: boolean;
}

/** @returns linear, 1.0 = 0 dBTP; 0 for silence */
export function truePeak(kernels: Kernels, pcm: Float32Array, loop = false): number {
  return kernels.scratch((arena) => {
    const room = layOut(arena, pcm, loop, 1);
    kernels.call.truePeaks(room.pcm, room.length, room.gains, room.work);
    return kernels.call.peak(room.gains + room.offset, pcm.length);
  });
}

/** @returns a new clip with true peak ≤ ceiling; the same samples when it was so before. */
export function limitTruePeak(
  kernels: Kernels,
  pcm: Float32Array,
  options: LimitOptions,
): Float32Array {
  const { ceiling, loop } = options;
  let limited: Float32Array = pcm.slice();
  let peak = truePeak(kernels, limited, loop);
  // A moving gain bends the wave between its samples a little: a second pass takes that off where it is.
  for (let pass = 0; pass < PASSES && peak > ceiling; pass++) {
    limited = limitOnce(kernels, limited, options);
    peak = truePeak(kernels, limited, loop);
  }
  return peak > ceiling ? scaled(kernels, limited, downward(ceiling / peak)) : limited;
}

function limitOnce(
  kernels: Kernels,
  pcm: Float32Array,
  { sampleRate, ceiling, loop }: LimitOptions,
): Float32Array {
  const window = 2 ** Math.ceil(Math.log2(LOOK_AHEAD * sampleRate));
  const release = Math.exp(-1 / (RELEASE * sampleRate));
  return kernels.scratch((arena) => {
    const { call } = kernels;
    const room = layOut(arena, pcm, loop, window);
    call.truePeaks(room.pcm, room.length, room.gains, room.work);
    call.limiterGains(room.gains, room.length, ceiling, room.gains);
    call.slidingMinimum(room.gains, room.length, window);
    call.limit(room.pcm, room.gains, room.length, window, release);
    return arena.f32(room.pcm + room.offset, pcm.length).slice();
  });
}

/** @returns a new clip, every sample times `factor` */
export function scaled(kernels: Kernels, pcm: Float32Array, factor: number): Float32Array {
  return kernels.scratch((arena) => {
    const address = arena.reserve(4 * pcm.length);
    arena.f32(address, pcm.length).set(pcm);
    kernels.call.scale(address, pcm.length, factor);
    return arena.f32(address, pcm.length).slice();
  });
}

/** A loop becomes loop + loop + its first samples, of which the second copy counts. */
function layOut(arena: Arena, pcm: Float32Array, loop: boolean, window: number) {
  const before = loop ? pcm.length : 0;
  const after = loop ? Math.min(pcm.length, window + 16) : 0;
  const length = before + pcm.length + after;
  const room = {
    pcm: arena.reserve(4 * length),
    gains: arena.reserve(4 * length),
    work: arena.reserve(64),
    offset: 4 * before,
    length,
  };
  const samples = arena.f32(room.pcm, length);
  samples.set(pcm, before);
  if (loop) {
    samples.set(pcm);
    samples.set(pcm.subarray(0, after), 2 * pcm.length);
  }
  return room;
}

/** Small enough that rounding the products to f32 cannot lift the peak over the ceiling again. */
function downward(factor: number): number {
  return factor * (1 - 1e-6);
}
