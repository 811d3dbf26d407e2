/**
 * What `npm run bench` measures, the same in Node and in Chromium: takes of 1 s with the model's own sampling.
 *
 *   textMs          prompt → text embedding
 *   stepMs          one language-model step, prefill and sampling spread over the steps
 *   readOnceMs      the yardstick: one WASM SIMD pass over the weights that one step needs, one thread, same run
 *   decodeFactor    time to decode the codes ÷ duration of the sound; below 1 is faster than real time
 *   firstSoundMs    a prompt never heard before → finished PCM in the caller's hands (whole take, no streaming)
 *   cachedMs        the same request again → finished PCM in the caller's hands
 *
 * Milliseconds of wall clock, medians over the rounds; p95 where it says so.
 */
import type { Take } from '../../runtime/contract.ts';
import { readTensors } from '../../runtime/safetensors.ts';

export type Generate = (request: {
  prompt: string;
  duration: number;
  seed: number;
}) => Promise<Take>;

export interface BenchSubject {
  load(): Promise<Generate>;
  /** engine.safetensors. */
  weights: Uint8Array<ArrayBuffer>;
  /** WebAssembly of scripts/bench-read-once.mjs. */
  readOnce: Uint8Array;
}

export interface BenchFigures {
  rounds: number;
  loadMs: number;
  textMs: number;
  stepMs: number;
  readOnceMs: number;
  decodeFactor: number;
  generationFactor: number;
  firstSoundMs: number;
  firstSoundP95Ms: number;
  cachedMs: number;
}

const PROMPTS = [
  'heavy wooden door slams',
  'light footstep on gravel',
  'metal crate hits stone hard',
  'glass breaks',
  'short laser shot',
];
const DURATION = 1;
const READ_ROUNDS = 15;
/** Read in one round, at least. */
const READ_BYTES = 5e7;

/** @param rounds takes to generate after one that warms up. */
export async function measure(subject: BenchSubject, rounds: number): Promise<BenchFigures> {
  const { value: generate, ms: loadMs } = await timed(() => subject.load());
  await generate(requestOf(0)); // first run: the engine still compiles and plans
  const readings = timeReadOnce(subject.readOnce, stepBytes(subject.weights));
  const first: Timed<Take>[] = [];
  const cached: Timed<Take>[] = [];
  for (let round = 1; round <= rounds; round++) {
    first.push(await timed(() => generate(requestOf(round))));
    cached.push(await timed(() => generate(requestOf(round))));
  }
  const takes = first.map(({ value }) => value);
  requireSources(first, cached);
  return {
    rounds,
    loadMs,
    textMs: median(takes.map(({ timings }) => timings.textMs)),
    stepMs: median(takes.map(({ timings }) => timings.tokensMs / timings.steps)),
    readOnceMs: median(readings),
    decodeFactor: median(takes.map(({ timings }) => timings.decodeMs / 1000 / DURATION)),
    generationFactor: median(takes.map(({ timings }) => timings.totalMs / 1000 / DURATION)),
    firstSoundMs: median(first.map(({ ms }) => ms)),
    firstSoundP95Ms: percentile(
      first.map(({ ms }) => ms),
      0.95,
    ),
    cachedMs: median(cached.map(({ ms }) => ms)),
  };
}

function requestOf(round: number): Parameters<Generate>[0] {
  return { prompt: PROMPTS[round % PROMPTS.length]!, duration: DURATION, seed: round };
}

/** A figure of the wrong thing is worse than none. */
function requireSources(first: Timed<Take>[], cached: Timed<Take>[]): void {
  const sources = [...first, ...cached].map(({ value }) => value.source);
  const isRight = sources.every(
    (source, index) => (source === 'generated') === index < first.length,
  );
  if (!isRight) {
    throw new Error(
      `bench: expected new takes, then cached ones, got ${sources}. Start with an empty cache.`,
    );
  }
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

function timeReadOnce(binary: Uint8Array, bytes: number): number[] {
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
  return Array.from({ length: READ_ROUNDS }, readAll);
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
