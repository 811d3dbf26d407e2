/**
 * Loads the WASM kernels (assemblyscript/) and owns their memory.
 *
 *   kernels.scratch((arena) => {
 *     const pcm = arena.reserve(4 * length);          // first all addresses: this may grow the memory
 *     arena.f32(pcm, length).set(samples);            // then the views: growth would have detached them
 *     return kernels.call.peak(pcm, length);
 *   });                                               // everything is free again
 *
 * The memory keeps the size of the largest scratch so far. Works in Node, in a worker, on the main thread.
 */
import { kernelsBinary } from './kernels-binary.ts';

/** The kernels; each one's file in assemblyscript/ says what its arguments are. */
export interface KernelExports {
  addNoise(
    real: number,
    imag: number,
    magnitude: number,
    bins: number,
    stftFrame: number,
    block: number,
  ): void;
  addPartials(
    real: number,
    imag: number,
    bins: number,
    gain: number,
    frequency: number,
    phases: number,
    channels: number,
    stftFrame: number,
    binsPerHertz: number,
    turnsPerHertz: number,
  ): void;
  argmax(values: number, length: number): number;
  crossfade(head: number, tail: number, count: number): void;
  divideByEnvelope(sum: number, envelope: number, length: number, floor: number): void;
  draw(entries: number, weights: number, count: number, uniform: number): number;
  fadeIn(pcm: number, count: number): void;
  fadeOut(pcm: number, count: number): void;
  firstAbove(pcm: number, length: number, threshold: number): number;
  inverseFft(
    real: number,
    imag: number,
    output: number,
    work: number,
    twiddles: number,
    size: number,
  ): void;
  kWeightedEnergies(
    pcm: number,
    length: number,
    coefficients: number,
    segment: number,
    energies: number,
  ): void;
  lastAbove(pcm: number, length: number, threshold: number): number;
  limit(pcm: number, gains: number, length: number, window: number, release: number): void;
  limiterGains(peaks: number, length: number, ceiling: number, gains: number): void;
  mixGuidance(
    cond: number,
    uncond: number,
    mixed: number,
    length: number,
    guidanceScale: number,
  ): void;
  nucleus(weights: number, count: number, topP: number): number;
  overlapAdd(stftFrame: number, window: number, sum: number, length: number): void;
  packBits(codes: number, count: number, bits: number, bytes: number): void;
  peak(pcm: number, length: number): number;
  philox(block: number, key0: number, key1: number): void;
  rank(
    logits: number,
    length: number,
    likeliest: number,
    temperature: number,
    entries: number,
    work: number,
  ): void;
  scale(pcm: number, length: number, factor: number): void;
  slidingMinimum(values: number, length: number, window: number): void;
  truePeaks(pcm: number, length: number, peaks: number, work: number): number;
  uniform(block: number, seed: number, step: number, codebook: number): number;
  unpackBits(bytes: number, count: number, bits: number, codes: number): void;
  weigh(entries: number, count: number, weights: number): void;
}

/** Room that is free again when its scratch ends. */
export interface Arena {
  /**
   * @returns address of `bytes` bytes, aligned to 16, holding whatever was there before.
   * @throws Error after the first view; RangeError when the memory cannot grow.
   */
  reserve(bytes: number): number;
  f32(address: number, length: number): Float32Array<ArrayBuffer>;
  f64(address: number, length: number): Float64Array<ArrayBuffer>;
  u8(address: number, length: number): Uint8Array<ArrayBuffer>;
  u16(address: number, length: number): Uint16Array<ArrayBuffer>;
  u32(address: number, length: number): Uint32Array<ArrayBuffer>;
}

export interface Kernels {
  readonly call: KernelExports;
  /** Runs `body` with an arena of its own. One at a time: `body` is synchronous and opens no other. */
  scratch<T>(body: (arena: Arena) => T): T;
}

/** Addresses below this stay unused, so that 0 is never a valid one. */
const ARENA_START = 1024;
const PAGE = 65536;

/** One instance with a memory of its own. */
export async function loadKernels(): Promise<Kernels> {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(decodeBase64(kernelsBinary), {
    env: { memory },
  });
  const call = instance.exports as unknown as KernelExports;
  let busy = false;
  return {
    call,
    scratch(body) {
      if (busy) {
        throw new Error('kernels: a scratch was opened inside another. End the first one before.');
      }
      busy = true;
      try {
        return body(createArena(memory));
      } finally {
        busy = false;
      }
    },
  };
}

function createArena(memory: WebAssembly.Memory): Arena {
  let end = ARENA_START;
  let viewed: ArrayBuffer | undefined;
  const buffer = () => {
    viewed ??= memory.buffer as ArrayBuffer;
    return viewed;
  };
  return {
    reserve(bytes) {
      if (viewed) {
        throw new Error('kernels: reserve() after a view was made. Reserve everything first.');
      }
      const address = end;
      end += Math.ceil(bytes / 16) * 16;
      growTo(memory, end);
      return address;
    },
    f32: (address, length) => new Float32Array(buffer(), address, length),
    f64: (address, length) => new Float64Array(buffer(), address, length),
    u8: (address, length) => new Uint8Array(buffer(), address, length),
    u16: (address, length) => new Uint16Array(buffer(), address, length),
    u32: (address, length) => new Uint32Array(buffer(), address, length),
  };
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return;
  try {
    memory.grow(Math.ceil(missing / PAGE));
  } catch {
    throw new RangeError(
      `kernels: the memory cannot grow to ${bytes} bytes. Process a shorter clip at a time.`,
    );
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
