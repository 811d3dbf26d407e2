/**
 * What the parts of a bake hand each other. Types only.
 *
 *   sounds.yaml ── bake/plan.ts ──▶ TakeJob, TakeJob, …
 *   TakeJob     ── take-maker.ts (pipeline, quality gate, rolled again) ──▶ TakeRecord      here, in worker threads, or far away
 *   TakeRecord  ── take-store.ts, under the job's id ──▶ kept, so that nothing is made twice
 *   TakeRecords ── token pack, WAV, FLAC, Ogg Opus, manifest, provenance
 */
import type { BakedTake, Seconds, SoundSpec } from '../runtime/contract.ts';

/** One take to make. Who makes it, where and in which order changes no bit of what comes out. */
export interface TakeJob {
  /**
   * SHA-256 of all that decides what comes out: spec, model's hash, arithmetic, the gate's settings, `firstRoll`. Two jobs
   * of one id are one job, whatever sound they are for.
   */
  id: string;
  /** Name in the sound map. */
  sound: string;
  /** What a scene asks for, complete. */
  spec: SoundSpec;
  /** The designer chose this very seed: it is made as it is, and never rolled again. */
  isLocked: boolean;
  /** 0, or more where the takes before were near copies of others: those rolls are skipped. */
  firstRoll: number;
}

/** Why a take is refused. */
export type Fault = 'silent' | 'clipped' | 'cut-off' | 'near-copy' | 'off-prompt';

/** What the quality gate says of one take. */
export interface Verdict {
  /** Empty: it passes. */
  faults: Fault[];
  /** How well the judge finds the prompt in the sound, 0 to 1; null where no judge was asked. */
  score: number | null;
  /** What the take sounds like, for comparing it with others: a few dozen numbers. */
  fingerprint: Float32Array;
}

/** What comes of a job. */
export interface TakeRecord {
  job: TakeJob;
  take: BakedTake;
  verdict: Verdict;
  /** How often it was rolled: the last roll is kept, or the best of them where none passed. */
  rolls: number;
}

/** Of one process or thread: the model is loaded once. */
export interface TakeMaker {
  /** @throws AbortError, and what the pipeline throws */
  make(job: TakeJob, signal?: AbortSignal): Promise<TakeRecord>;
  dispose(): Promise<void>;
}

/** How takes are made: goes to worker threads and over queues, so it is plain data. */
export interface MakerSettings {
  /** Path or file: URL of the model pack. */
  model: string;
  /** null: everything passes. */
  gate: GateSettings | null;
}

export interface GateSettings {
  /** Rolls of one take at most, 1 to 32. */
  maxRolls: number;
  /** Least score of the judge, 0 to 1; 0 asks no judge. */
  minScore: number;
  /** Fingerprints are more alike than this, 0 to 1: near copies. */
  maxLikeness: number;
}

/** Records by their job's id; content-addressed, so that many may write at once. */
export interface TakeStore {
  /** A folder or a bucket, for messages. */
  readonly place: string;
  /**
   * @param signal takes the question back, where it takes long
   * @returns undefined: not there, or damaged.
   */
  get(id: string, signal?: AbortSignal): Promise<TakeRecord | undefined>;
  /** Whole or not at all. */
  put(record: TakeRecord): Promise<void>;
  /** Removes what killed writers left half-written long ago; others may be writing. Never rejects. */
  sweepLeftovers?(): Promise<void>;
}

/** What a bake leaves beside its sounds: assets/manifest.json. */
export interface BakeManifest {
  formatVersion: 1;
  /** File name of the sound map. */
  soundMap: string;
  /** SHA-256 of all jobs' ids in order and of what is written of them: the same means nothing to do. */
  hash: string;
  model: { name: string; licence: string; commercialUse: boolean; hash: string };
  /** Token packs first; relative to the manifest. */
  files: { path: string; bytes: number; sha256: string }[];
  sounds: Record<string, ManifestTake[]>;
}

export interface ManifestTake {
  prompt: string;
  seed: number;
  soundKey: string;
  duration: Seconds;
  /** Samples at `sampleRate`; null for a one-shot. */
  loop: { start: number; end: number } | null;
  sampleRate: number;
  /** LUFS and dBTP, null for silence. */
  loudness: number | null;
  truePeak: number | null;
  /** By format: 'foley' is the pack that holds it. */
  files: Partial<Record<AssetFormat, string>>;
  /** What the quality gate still finds wrong. */
  faults: Fault[];
}

export type AssetFormat = 'foley' | 'wav' | 'flac' | 'opus';
