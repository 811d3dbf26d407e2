/**
 * What `npm run bench` measures, the same in Node and in Chromium: takes with the model's own sampling, on one WASM thread.
 *
 *   lm_step_ms            one language-model step, sampling and a share of the prompt's preparation included
 *   lm_weights_read_ms    the yardstick: one WASM SIMD pass over the weights that one step needs, one thread, same run
 *   lm_step_ort_ms        the same step by onnxruntime-web's WASM backend on the same weights, f32, as arranged in
 *                         runtime/engines/onnx.ts (keys and values in a ring that begins small)
 *   text_ms               prompt → text embedding
 *   rtf_generate          request → finished take ÷ duration of the sound; below 1 is faster than real time
 *   rtf_decode            codes → PCM ÷ duration of the sound
 *   first_sound_ms_p50    a prompt never heard before → first part, ready to play, in the caller's hands
 *   cached_ms             a sound whose codes are cached → first part, ready to be scheduled, in the caller's hands
 *   cached_whole_ms       … → the whole finished PCM
 *   codes_per_s           K · steps ÷ seconds from request to take, 2 s of sound
 *   load_ms               model files → ready for the first request
 *   memory_mb             of the kernels, after all of it; null where they cannot be seen
 *   by_duration           rtf_generate for sounds of 1, 2, 5 and 10 s
 *   by_parameters         milliseconds of a step by millions of parameters of the language model
 *   in_flight             milliseconds per sound with 1, 2 and 4 requests of 1 s at once
 *
 * Takes of 1 s, milliseconds of wall clock, medians over the rounds; p95 where it says so. K codebooks.
 */
import type { SoundRequestInput, Take } from '../../runtime/contract.ts';
import { drained } from '../../runtime/generators.ts';
import type { ModelPack } from '../../runtime/model-pack.ts';
import { readTensors } from '../../runtime/safetensors.ts';
import { measureSizes } from './sizes.ts';

/** A runtime on one engine. */
export interface BenchRuntime {
  generate(request: SoundRequestInput): Promise<Take>;
  stream(request: SoundRequestInput): AsyncGenerator<unknown, Take, void>;
}

export interface BenchSubject {
  /** On our kernels. */
  load(): Promise<BenchRuntime>;
  /** On onnxruntime's CPU backend. */
  loadOrt(): Promise<BenchRuntime>;
  /** Of the same model. */
  pack(): Promise<ModelPack>;
  memoryMb?(): number;
  /** engine.safetensors. */
  weights: Uint8Array<ArrayBuffer>;
  /** WebAssembly of scripts/bench-read-once.mjs. */
  readOnce: Uint8Array;
}

export type BenchFigures = Awaited<ReturnType<typeof measure>>;

const PROMPTS = [
  'heavy wooden door slams',
  'light footstep on gravel',
  'metal crate hits stone hard',
  'glass breaks',
  'short laser shot',
];
const WARM_UP = 10;
const DURATION = 1;
const READ_ROUNDS = 15;
/** Read in one round, at least. */
const READ_BYTES = 5e7;
const DURATIONS = [1, 2, 5, 10];
const IN_FLIGHT = [1, 2, 4];

/** @param rounds takes to generate after some that warm up. */
export async function measure(subject: BenchSubject, rounds: number) {
  const { value: runtime, ms: load_ms } = await timed(() => subject.load());
  const request = requester();
  for (let i = 0; i < WARM_UP; i++) await runtime.generate(request()); // the engine compiles
  const lm_weights_read_ms = timeReadOnce(subject.readOnce, stepBytes(subject.weights));
  const takes = await measureTakes(runtime, request, rounds);
  const first = await measureFirstParts(runtime, request, rounds);
  const codes_per_s = await measureCodes(runtime, request, rounds);
  const by_duration = await measureDurations(runtime, request);
  const in_flight = await measureInFlight(runtime, request);
  const by_parameters = await measureSizes(await subject.pack());
  const lm_step_ort_ms = await measureOrt(subject, request, Math.min(rounds, 5));
  const memory_mb = subject.memoryMb?.() ?? null;
  return {
    ...{ load_ms, lm_weights_read_ms, lm_step_ort_ms, codes_per_s, memory_mb },
    ...takes,
    first_sound_ms_p50: median(first),
    first_sound_ms_p95: percentile(first, 0.95),
    ...{ by_duration, by_parameters, in_flight },
  };
}

/** Every request is another sound. */
function requester(): (duration?: number) => SoundRequestInput {
  let seed = 0;
  return (duration = DURATION) => {
    seed++;
    return { prompt: PROMPTS[seed % PROMPTS.length]!, duration, seed };
  };
}

/** New takes, and the same ones again from the cache. */
async function measureTakes(
  runtime: BenchRuntime,
  request: ReturnType<typeof requester>,
  rounds: number,
) {
  const made: Timed<Take>[] = [];
  const cached: Timed<Take>[] = [];
  const firstParts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const asked = request();
    made.push(await timed(() => runtime.generate(asked)));
    cached.push(await timed(() => runtime.generate(asked)));
    firstParts.push(await timeOfFirstPart(runtime, asked));
  }
  const sources = [...made, ...cached].map(({ value }) => value.source);
  if (!sources.every((source, i) => (source === 'generated') === i < rounds)) {
    throw new Error(`bench: expected new takes, then cached ones, got ${sources}.`);
  }
  const timings = made.map(({ value }) => value.timings);
  return {
    text_ms: median(timings.map(({ textMs }) => textMs)),
    lm_step_ms: median(timings.map(({ tokensMs, steps }) => tokensMs / steps)),
    rtf_decode: median(cached.map(({ value }) => value.timings.decodeMs / 1000 / DURATION)),
    rtf_generate: median(timings.map(({ totalMs }) => totalMs / 1000 / DURATION)),
    cached_ms: median(firstParts),
    cached_whole_ms: median(cached.map(({ ms }) => ms)),
  };
}

async function measureFirstParts(
  runtime: BenchRuntime,
  request: ReturnType<typeof requester>,
  rounds: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push(await timeOfFirstPart(runtime, request()));
  }
  return times;
}

async function timeOfFirstPart(runtime: BenchRuntime, asked: SoundRequestInput): Promise<number> {
  const stream = runtime.stream(asked);
  const { ms, value } = await timed(() => stream.next());
  if (value.done) throw new Error('bench: a sound had no parts.');
  await drained(stream); // to its end, as a game would
  return ms;
}

async function measureCodes(
  runtime: BenchRuntime,
  request: ReturnType<typeof requester>,
  rounds: number,
): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { value, ms } = await timed(() => runtime.generate(request(2)));
    rates.push((value.numCodebooks * value.timings.steps) / (ms / 1000));
  }
  return median(rates);
}

async function measureDurations(
  runtime: BenchRuntime,
  request: ReturnType<typeof requester>,
): Promise<Record<string, number>> {
  const factors: Record<string, number> = {};
  for (const duration of DURATIONS) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      times.push((await timed(() => runtime.generate(request(duration)))).ms);
    }
    factors[`${duration} s`] = median(times) / 1000 / duration;
  }
  return factors;
}

async function measureInFlight(
  runtime: BenchRuntime,
  request: ReturnType<typeof requester>,
): Promise<Record<string, number>> {
  const perSound: Record<string, number> = {};
  for (const count of IN_FLIGHT) {
    const all = () => Promise.all(Array.from({ length: count }, () => runtime.generate(request())));
    await all();
    perSound[count] = (await timed(all)).ms / count;
  }
  return perSound;
}

async function measureOrt(
  subject: BenchSubject,
  request: ReturnType<typeof requester>,
  rounds: number,
): Promise<number> {
  const runtime = await subject.loadOrt();
  for (let i = 0; i < 5; i++) await runtime.generate(request());
  const steps: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { timings } = await runtime.generate(request());
    steps.push(timings.tokensMs / timings.steps);
  }
  return median(steps);
}

/** Bytes of weights that a step reads: all of the language model but its look-up tables and what a prompt needs once. */
function stepBytes(file: Uint8Array<ArrayBuffer>): number {
  const tensors = readTensors(file, 'engine.safetensors');
  const isRead = (name: string) =>
    /^lm\.(blocks|norm_out|heads)/.test(name) && !name.includes('cross_key_value');
  return tensors.names
    .filter(isRead)
    .reduce((sum, name) => sum + tensors.get(name).data.byteLength, 0);
}

function timeReadOnce(binary: Uint8Array, bytes: number): number {
  const start = 1024;
  const end = start + bytes - (bytes % 64);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / 65536) });
  const module = new WebAssembly.Module(binary.slice());
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: () => {} } });
  const sum = exports.sum as (start: number, end: number) => number;
  new Uint8Array(memory.buffer).fill(1); // untouched pages would all be one page of zeros
  const passes = Math.ceil(READ_BYTES / bytes); // a page's clock is coarse
  const readAll = () => {
    const began = performance.now();
    for (let pass = 0; pass < passes; pass++) sum(start, end);
    return (performance.now() - began) / passes;
  };
  readAll(); // first run: baseline code
  return median(Array.from({ length: READ_ROUNDS }, readAll));
}

interface Timed<T> {
  value: T;
  ms: number;
}

async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

/** Nearest rank. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
