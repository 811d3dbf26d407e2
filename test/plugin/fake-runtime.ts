/** A runtime whose takes are known: tests of the plugin ask what was asked for and hear which take it was. */
import type { GenerateOptions, RuntimeClient, StreamOptions } from '../../runtime/client.ts';
import type {
  Pace,
  SoundPart,
  SoundRequestInput,
  Take,
  TakeSource,
} from '../../runtime/contract.ts';

export interface FakeRuntime extends RuntimeClient {
  /** Every request, in order. */
  readonly requests: SoundRequestInput[];
  /** Those of them that wanted parts, from the first or from when they were hastened. */
  readonly streamed: SoundRequestInput[];
  /** What was hastened, and to which priority. */
  readonly hastened: { request: SoundRequestInput; priority: number; parts: boolean }[];
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
  /** Parts of a streamed request; default none, as of a cached sound. */
  parts?: (request: SoundRequestInput) => AsyncIterable<Float32Array> | Iterable<Float32Array>;
  /** Resolves when a request may be answered; default at once. */
  gate?: (request: SoundRequestInput) => Promise<void>;
  sampleRate?: number;
  /** Of the parts; default 'generated'. */
  source?: TakeSource;
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
  const { gate = async () => {}, parts = () => [], sampleRate = 48000 } = options;
  const { source = 'generated' } = options;
  const pcm = options.pcm ?? (({ seed = 0 }: SoundRequestInput) => pulse(seed));
  const requests: SoundRequestInput[] = [];
  const streamed: SoundRequestInput[] = [];
  const hastened: FakeRuntime['hastened'] = [];
  const aborted: SoundRequestInput[] = [];
  const paces: Pace[] = [];

  function note(request: SoundRequestInput, { signal }: GenerateOptions): void {
    requests.push(request);
    signal?.addEventListener('abort', () => aborted.push(request));
  }

  async function* read(
    request: SoundRequestInput,
    given: StreamOptions,
    loud: Promise<void>,
  ): AsyncGenerator<SoundPart, Take, void> {
    note(request, given);
    const isLoud = loud.then(() => true);
    const whole = gate(request).then(() => false);
    if (await Promise.race([given.quiet ? whole : isLoud, isLoud])) {
      streamed.push(request);
      for await (const part of parts(request)) yield { pcm: part, sampleRate, source };
    }
    await whole;
    return takeOf(request, pcm(request), sampleRate);
  }

  return {
    requests,
    streamed,
    hastened,
    aborted,
    disposed: 0,
    paces,
    busy: false,
    setPace: (pace) => void paces.push(pace),
    async generate(request, given = {}) {
      note(request, given);
      await gate(request);
      return takeOf(request, pcm(request), sampleRate);
    },
    stream(request, given = {}) {
      const loud = gateway();
      if (!given.quiet) loud.open();
      return Object.assign(read(request, given, loud.opened), {
        hasten(priority: number, wantsParts: boolean) {
          hastened.push({ request, priority, parts: wantsParts });
          if (wantsParts) loud.open();
        },
      });
    },
    load: () => Promise.reject(new Error('fake-runtime: has no model to load.')),
    downloadSize: async () => 0,
    clearCache: async () => {},
    async dispose() {
      this.disposed += 1;
    },
  };
}

export function takeOf(request: SoundRequestInput, pcm: Float32Array, sampleRate: number): Take {
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

/** Parts that a test hands over one by one. */
export interface Belt extends AsyncIterable<Float32Array> {
  push(pcm: Float32Array): void;
  /** None follow, or an error does. */
  end(error?: Error): void;
}

export function createBelt(): Belt {
  const waiting: (() => Float32Array | null)[] = [];
  let wake = () => {};
  const add = (item: () => Float32Array | null) => {
    waiting.push(item);
    wake();
  };
  return {
    push: (pcm) => add(() => pcm),
    end: (error) =>
      add(() => {
        if (error !== undefined) throw error;
        return null;
      }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = waiting.shift();
        const pcm = item?.();
        if (pcm === null) return;
        if (pcm !== undefined) yield pcm;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}

/** Remembers what the library says. */
export function createLog() {
  const warnings: string[] = [];
  return { warnings, warn: (message: string) => void warnings.push(message), info: () => {} };
}
