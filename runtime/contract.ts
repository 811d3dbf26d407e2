/**
 * Every type that crosses the worker boundary. Types only: both threads import this file, nothing else crosses.
 *
 *   main thread  client.ts  ── SoundRequest ──▶  worker.ts   worker
 *                           ◀── Take, Progress ──
 */

export type Seconds = number;
export type Hertz = number;
export type Decibels = number;

/** One sound to make. Same request, same model, same engine arithmetic: same codes, always. */
export interface SoundRequest {
  /** Chosen by the caller; `cancel(id)` names it. */
  id: number;
  /** 1 to 256 characters after trimming, no control characters. */
  prompt: string;
  /** 0.1 to 10. */
  duration: Seconds;
  /** uint32. */
  seed: number;
  /** Classifier-free guidance, 1 to 20; 1 is off. */
  guidanceScale: number;
  /** 0 to 10; 0 takes the likeliest code every time. */
  temperature: number;
  /** 0 to codebookSize; 0 is off. */
  topK: number;
  /** 0 to 1; 0 or 1 is off. */
  topP: number;
  /** Make the end run into the beginning: then it is at most `duration` long, and at most a fifth shorter or as long as what sounds allows. */
  loop: boolean;
  /** Higher is sooner; any finite number. A less urgent request that has begun pauses meanwhile; from 1 on the sound is needed now (see Pace). */
  priority: number;
}

/** What a sound is to be, without who asks and how urgently: what its sound key is made of. */
export type SoundSpec = Omit<SoundRequest, 'id' | 'priority'>;

/** Where a take's codes came from; 'baked': out of a token pack. */
export type TakeSource = 'generated' | 'memory' | 'indexeddb' | 'baked';

/** What finishing found in a decoded sound; with it the same is done again without looking for it. */
export interface FinishPlan {
  /** Samples, of the sound as decoded: what is cut out. */
  start: number;
  length: number;
  /** Of a loop: this many samples after `length` cross into the first ones; `correlation` 0 to 1 says how alike they are. */
  crossfade: number;
  correlation: number;
  gainDb: Decibels;
}

/** A sound of a token pack, without its codes. */
export interface BakedSound {
  /** Its name in the sound map. */
  sound: string;
  /** As a scene asks for it, every field given. */
  spec: SoundSpec;
  /** Of the take that answers: another than the spec's where the quality gate rolled again. */
  seed: number;
  /** Of that take: 64 hexadecimal digits. */
  soundKey: string;
  codecFrames: number;
  plan: FinishPlan;
  /** Integrated, LUFS, as finished; −Infinity for silence. */
  loudness: Decibels;
  /** dBTP, as finished. */
  truePeak: Decibels;
  /** Of the model that made it. */
  model: string;
  licence: string;
}

/** A sound as it is baked: what a token pack holds of it. */
export interface BakedTake extends BakedSound {
  /** u16 [numCodebooks, codecFrames], row-major. */
  codes: Uint16Array;
}

/** Wall-clock milliseconds of each stage, pauses included; 0 for a stage that was not needed. */
export interface StageTimings {
  cacheMs: number;
  textMs: number;
  tokensMs: number;
  decodeMs: number;
  finishMs: number;
  totalMs: number;
  /** Language-model steps run. */
  steps: number;
}

/** One generated result of a sound. `pcm` is transferred, not copied. */
export interface Take {
  id: number;
  soundKey: string;
  prompt: string;
  seed: number;
  source: TakeSource;
  /** f32 [samples], mono, full scale ±1. */
  pcm: Float32Array;
  sampleRate: Hertz;
  /** u16 [numCodebooks, codecFrames], row-major. */
  codes: Uint16Array;
  numCodebooks: number;
  /** Loop points in seconds; absent for a one-shot. */
  loop?: { start: Seconds; end: Seconds };
  /** Model name and licence: every take carries them. */
  model: string;
  licence: string;
  timings: StageTimings;
}

/** A piece of a sound that is still being made or decoded: follows the piece before it without a gap. */
export interface SoundPart {
  /**
   * f32 [samples], mono, limited; the first begins with a short fade in, the last ends in a fade out. At the pack's
   * calibrated gain, or at the take's own where the sound was cached.
   */
  pcm: Float32Array;
  sampleRate: Hertz;
  source: TakeSource;
}

export type ProgressStage = 'download' | 'load' | 'text' | 'tokens' | 'decode' | 'finish';

/** `done` and `total` count bytes for `download`, steps for `tokens`, 0/1 otherwise. */
export interface Progress {
  stage: ProgressStage;
  done: number;
  total: number;
  /** File for `download` and `load`; empty otherwise. */
  detail: string;
}

/** How much of the processor the page can spare for generation, most first; runtime/pace.ts says what each means. */
export type Pace = 'full' | 'eased' | 'slow' | 'hidden';

/** `wasm`: our kernels on the CPU. `webgpu`: the language model on WebGPU, falling back to `wasm` with one warning. */
export type Device = 'wasm' | 'webgpu';
/** `auto`: whichever is faster for this model on this device, measured once. */
export type DeviceChoice = Device | 'auto';

export interface LoadOptions {
  /** Folder of the model pack, absolute URL, ends in '/'. */
  modelUrl: string;
  device: DeviceChoice;
  /** Absolute URL of the folder that holds onnxruntime-web's .wasm files; absent: beside its JavaScript. */
  ortUrl?: string;
  /** Threads of onnxruntime's CPU backend; 1 in a page that is not cross-origin isolated, and in the kernels. */
  numThreads: number;
  /** Keep codes in IndexedDB. */
  persist: boolean;
}

/** What is loaded and how; `notes` holds what a developer should know, in sentences. */
export interface RuntimeInfo {
  model: string;
  licence: string;
  modelHash: string;
  sampleRate: Hertz;
  codecFrameRate: Hertz;
  numCodebooks: number;
  codebookSize: number;
  device: Device;
  /** Why that device, in a sentence. */
  deviceReason: string;
  arithmetic: string;
  numThreads: number;
  storage: 'indexeddb' | 'memory';
  sampling: SamplingDefaults;
  notes: string[];
}

/** The model's own sampling defaults, from model.json. */
export interface SamplingDefaults {
  guidanceScale: number;
  temperature: number;
  topK: number;
  topP: number;
}

/** What a caller gives: only the prompt is needed; undefined means the default. */
export type SoundRequestInput = { prompt: string } & {
  [Field in keyof Omit<SoundRequest, 'id' | 'prompt'>]?: SoundRequest[Field] | undefined;
};

/** What the worker tells on the way: how far the model's loading or a request has come, parts of a sound, what the logger should hear. */
export type RuntimeEvent =
  | { kind: 'progress'; of: 'load' | SoundRequest['id']; progress: Progress }
  | { kind: 'part'; of: SoundRequest['id']; part: SoundPart | null } // null: that was the last
  | { kind: 'log'; level: 'info' | 'warn'; message: string };

/** What a caller wants to be told while a sound is made. */
export interface GenerateWants {
  progress: boolean;
  /** As they are made, from the first on; none of a loop. 'later': once somebody asks for them, see `hasten`. */
  parts: boolean | 'later';
}

/** What worker.ts exposes and client.ts wraps. Errors are told apart by `name`: classes do not survive the crossing. */
export interface RuntimeApi {
  /**
   * First call. The worker holds the Web Lock of that name for as long as it lives: whoever gets it after that knows
   * that the worker is dead, however it died.
   * @returns true once the lock is held, false where there are no Web Locks.
   */
  connect(lockName: string, onEvent: (event: RuntimeEvent) => void): Promise<boolean>;
  load(options: LoadOptions): Promise<RuntimeInfo>;
  generate(request: SoundRequest, wants: GenerateWants): Promise<Take>;
  /** The pending `generate` of that id rejects with AbortError between two steps; unknown ids are ignored. */
  cancel(id: number): void;
  /**
   * A request under way becomes at least so urgent; with `parts`, those that were made are told, then the others as they come.
   * @returns false: it is not under way
   */
  hasten(id: number, priority: number, parts: boolean): boolean;
  /** From now on, also for the request that is under way. */
  setPace(pace: Pace): void;
  clearCache(): Promise<void>;
  /** Answers as soon as the worker is between two steps. */
  ping(): void;
}
