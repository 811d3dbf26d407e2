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
  addLookUp(table: number, scales: number, width: number, row: number, sum: number): void;
  addRows(sum: number, values: number, length: number): void;
  addScaledRows(sum: number, values: number, scale: number, rows: number, width: number): void;
  addStftFrame(stream: number, last: boolean, pcm: number): number;
  argmax(values: number, length: number): number;
  attend(
    query: number,
    keys: number,
    values: number,
    stride: number,
    count: number,
    heads: number,
    headDim: number,
    scores: number,
    out: number,
  ): void;
  computeLogits(model: number, generation: number): void;
  convolveDepthwise(
    x: number,
    rows: number,
    width: number,
    weights: number,
    bias: number,
    kernel: number,
    out: number,
  ): void;
  crossfade(head: number, tail: number, count: number, correlation: number): void;
  divideByEnvelope(sum: number, envelope: number, length: number, floor: number): void;
  draw(entries: number, weights: number, count: number, uniform: number): number;
  encodeText(model: number, ids: number, length: number, room: number, out: number): void;
  fadeIn(pcm: number, count: number): void;
  fadeOut(pcm: number, count: number): void;
  firstAbove(pcm: number, length: number, threshold: number): number;
  gelu(values: number, length: number): void;
  halvesBytes(length: number): number;
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
  layerNorm(
    x: number,
    rows: number,
    width: number,
    weight: number,
    bias: number,
    epsilon: number,
    out: number,
  ): void;
  limit(pcm: number, gains: number, length: number, window: number, release: number): void;
  limiterGains(peaks: number, length: number, ceiling: number, gains: number): void;
  mixGuidance(
    cond: number,
    uncond: number,
    mixed: number,
    length: number,
    guidanceScale: number,
  ): void;
  multiply(
    halves: number,
    rows: number,
    weights: number,
    scales: number,
    bias: number,
    sums: number,
    inputs: number,
    outputs: number,
    out: number,
  ): void;
  nextColumn(
    model: number,
    generation: number,
    guidanceScale: number,
    temperature: number,
    topK: number,
    topP: number,
    seed: number,
  ): number;
  nucleus(weights: number, count: number, topP: number): number;
  overlapAdd(stftFrame: number, window: number, sum: number, length: number): void;
  packBits(codes: number, count: number, bits: number, bytes: number): void;
  peak(pcm: number, length: number): number;
  philox(block: number, key0: number, key1: number): void;
  pushCodes(
    model: number,
    stream: number,
    codes: number,
    stride: number,
    count: number,
    last: boolean,
    pcm: number,
  ): number;
  rank(
    logits: number,
    length: number,
    likeliest: number,
    temperature: number,
    entries: number,
    work: number,
  ): void;
  readHead(
    head: number,
    direct: number,
    bins: number,
    channels: number,
    centre: number,
    width: number,
    out: number,
  ): void;
  readText(model: number, states: number, length: number, generation: number): void;
  rotate(x: number, heads: number, headDim: number, frequencies: number, position: number): void;
  rowSums(weights: number, inputs: number, outputs: number, sums: number): void;
  sampleCodebook(
    logits: number,
    uncond: number,
    size: number,
    guidanceScale: number,
    temperature: number,
    topK: number,
    topP: number,
    seed: number,
    step: number,
    codebook: number,
    entries: number,
    work: number,
    weights: number,
    block: number,
  ): number;
  scale(pcm: number, length: number, factor: number): void;
  slidingMinimum(values: number, length: number, window: number): void;
  splitHalves(x: number, step: number, rows: number, length: number, halves: number): void;
  truePeaks(pcm: number, length: number, peaks: number, work: number): number;
  uniform(block: number, seed: number, step: number, codebook: number): number;
  unpackBits(bytes: number, count: number, bits: number, codes: number): void;
  weigh(entries: number, count: number, weights: number): void;
}

/** What lies at an address, of the memory as it is now: growing detaches views. */
interface Views {
  f32(address: number, length: number): Float32Array<ArrayBuffer>;
  f64(address: number, length: number): Float64Array<ArrayBuffer>;
  i8(address: number, length: number): Int8Array<ArrayBuffer>;
  u8(address: number, length: number): Uint8Array<ArrayBuffer>;
  u16(address: number, length: number): Uint16Array<ArrayBuffer>;
  u32(address: number, length: number): Uint32Array<ArrayBuffer>;
}

/** Room that is free again when its scratch ends. */
export interface Arena extends Views {
  /**
   * @returns address of `bytes` bytes, aligned to 16, holding whatever was there before.
   * @throws Error after the first view; RangeError when the memory cannot grow.
   */
  reserve(bytes: number): number;
}

/** Room that stays: a model's weights, what a sound remembers between two calls. */
export interface KernelMemory extends Views {
  /**
   * @returns address of `bytes` bytes, aligned to 16, zeros if no scratch has been there.
   * @throws Error inside a scratch; RangeError when the memory cannot grow.
   */
  keep(bytes: number): number;
  /** Makes room for that much at once, so that many keeps grow the memory but once. @throws as keep() does */
  expect(bytes: number): void;
  /** All of it, in bytes. */
  readonly size: number;
}

export interface Kernels {
  readonly call: KernelExports;
  readonly memory: KernelMemory;
  /** Runs `body` with an arena of its own. One at a time: `body` is synchronous and opens no other. */
  scratch<T>(body: (arena: Arena) => T): T;
}

/** Addresses below this stay unused, so that 0 is never a valid one. */
const FIRST_ADDRESS = 1024;
const PAGE = 65536;

/** One instance with a memory of its own. @param binary base64 of another build: fastest-kernels.ts */
export async function loadKernels(binary: string = kernelsBinary): Promise<Kernels> {
  const wasm = new WebAssembly.Memory({ initial: 1 });
  const { instance } = await WebAssembly.instantiate(decodeBase64(binary), {
    env: { memory: wasm },
  });
  let busy = false;
  let kept = FIRST_ADDRESS;
  /** Views of a scratch would be detached. */
  function growOutside(name: string, bytes: number): void {
    if (busy) throw new Error(`kernels: ${name}() inside a scratch. Keep everything before it.`);
    growTo(wasm, bytes);
  }
  return {
    call: instance.exports as unknown as KernelExports,
    memory: {
      ...viewsOf(() => wasm.buffer as ArrayBuffer),
      keep(bytes) {
        const address = kept;
        growOutside('keep', kept + roundUp(bytes));
        kept += roundUp(bytes);
        return address;
      },
      expect: (bytes) => growOutside('expect', kept + bytes),
      get size() {
        return wasm.buffer.byteLength;
      },
    },
    scratch(body) {
      if (busy) {
        throw new Error('kernels: a scratch was opened inside another. End the first one before.');
      }
      busy = true;
      try {
        return body(createArena(wasm, kept));
      } finally {
        busy = false;
      }
    },
  };
}

function createArena(memory: WebAssembly.Memory, start: number): Arena {
  let end = start;
  let viewed: ArrayBuffer | undefined;
  const views = viewsOf(() => {
    viewed ??= memory.buffer as ArrayBuffer;
    return viewed;
  });
  return {
    ...views,
    reserve(bytes) {
      if (viewed) {
        throw new Error('kernels: reserve() after a view was made. Reserve everything first.');
      }
      const address = end;
      growTo(memory, end + roundUp(bytes));
      end += roundUp(bytes);
      return address;
    },
  };
}

function viewsOf(buffer: () => ArrayBuffer): Views {
  return {
    f32: (address, length) => new Float32Array(buffer(), address, length),
    f64: (address, length) => new Float64Array(buffer(), address, length),
    i8: (address, length) => new Int8Array(buffer(), address, length),
    u8: (address, length) => new Uint8Array(buffer(), address, length),
    u16: (address, length) => new Uint16Array(buffer(), address, length),
    u32: (address, length) => new Uint32Array(buffer(), address, length),
  };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
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

export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
