/** A runtime whose takes are known: tests of the plugin ask what was asked for and hear which take it was. */
import type { GenerateOptions, RuntimeClient } from '../../runtime/client.ts';
import type { Pace, SoundRequestInput, Take } from '../../runtime/contract.ts';

export interface FakeRuntime extends RuntimeClient {
  /** Every request, in order. */
  readonly requests: SoundRequestInput[];
  /** Requests whose signal was aborted. */
  readonly aborted: SoundRequestInput[];
  disposed: number;
  /** Every pace that was asked for, in order. */
  readonly paces: Pace[];
  /** Set it to what the worker would do. */
  busy: boolean;
}

export interface FakeRuntimeOptions {
  /** PCM of a request; default one pulse, see `pulse`. */
  pcm?: (request: SoundRequestInput) => Float32Array;
  /** Resolves when a request may be answered; default at once. */
  gate?: (request: SoundRequestInput) => Promise<void>;
  sampleRate?: number;
}

/** Height of the pulse of a seed: [1, 2, 3, …] eighths, so that a recording tells which takes were heard. */
export function pulseHeight(seed: number): number {
  return (seed + 1) / 8;
}

/** 48 samples of the seed's height, then silence: 0.02 s at 48 kHz. */
export function pulse(seed: number): Float32Array {
  return new Float32Array(960).fill(pulseHeight(seed), 0, 48);
}

export function sine(frequency: number, seconds: number, amplitude = 1): Float32Array {
  const turn = (2 * Math.PI * frequency) / 48000;
  return Float32Array.from({ length: seconds * 48000 }, (_, i) => amplitude * Math.sin(turn * i));
}

export function createFakeRuntime(options: FakeRuntimeOptions = {}): FakeRuntime {
  const { gate = async () => {}, sampleRate = 48000 } = options;
  const pcm = options.pcm ?? (({ seed = 0 }: SoundRequestInput) => pulse(seed));
  const requests: SoundRequestInput[] = [];
  const aborted: SoundRequestInput[] = [];
  const paces: Pace[] = [];

  async function generate(request: SoundRequestInput, { signal }: GenerateOptions = {}) {
    requests.push(request);
    signal?.addEventListener('abort', () => aborted.push(request));
    await gate(request);
    return takeOf(request, pcm(request), sampleRate);
  }

  return {
    requests,
    aborted,
    disposed: 0,
    paces,
    busy: false,
    setPace: (pace) => void paces.push(pace),
    generate,
    async *stream(request, given) {
      yield* [];
      return await generate(request, given);
    },
    load: () => Promise.reject(new Error('fake-runtime: has no model to load.')),
    downloadSize: async () => 0,
    clearCache: async () => {},
    async dispose() {
      this.disposed += 1;
    },
  };
}

function takeOf(request: SoundRequestInput, pcm: Float32Array, sampleRate: number): Take {
  const { prompt, seed = 0, loop } = request;
  return {
    id: 1,
    soundKey: `${prompt} ${seed}`,
    prompt,
    seed,
    source: 'generated',
    pcm,
    sampleRate,
    codes: new Uint16Array(4),
    numCodebooks: 4,
    ...(loop ? { loop: { start: 0, end: pcm.length / sampleRate } } : {}),
    model: 'fake',
    licence: 'MIT',
    timings: {
      cacheMs: 0,
      textMs: 0,
      tokensMs: 0,
      decodeMs: 0,
      finishMs: 0,
      totalMs: 0,
      steps: 0,
    },
  };
}

/** A promise and the function that resolves it. */
export function gateway(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Remembers what the library says. */
export function createLog() {
  const warnings: string[] = [];
  return { warnings, warn: (message: string) => void warnings.push(message), info: () => {} };
}
