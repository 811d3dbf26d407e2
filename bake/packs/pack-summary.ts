/** What is in a token pack, in numbers: sounds, their prompts, their takes. */
import type { BakedSound, Seconds } from '../../runtime/contract.ts';
import { codesBytes, type TokenPack, type TokenPackInfo } from '../../runtime/token-pack.ts';

export interface PackSummary {
  file: string;
  info: TokenPackInfo;
  bytes: {
    all: number;
    index: number;
    codes: number;
    indexPerTake: number;
    codesPerSecond: number;
  };
  /** Of all takes, as they are heard. */
  seconds: Seconds;
  takes: number;
  prompts: number;
  /** Who made them. */
  models: { model: string; licence: string; takes: number }[];
  sounds: SoundSummary[];
}

export interface SoundSummary {
  sound: string;
  takes: number;
  seconds: Seconds;
  /** Of codes. */
  bytes: number;
  prompts: { prompt: string; takes: TakeSummary[] }[];
}

export interface TakeSummary {
  /** That a scene asks for, and that was used. */
  seed: number;
  usedSeed: number;
  soundKey: string;
  duration: Seconds;
  /** As it is heard. */
  seconds: Seconds;
  loop: boolean;
  /** LUFS and dBTP, null for silence. */
  loudness: number | null;
  truePeak: number | null;
  bytes: number;
}

export function summaryOf({ place, info, sounds, bytes }: TokenPack): PackSummary {
  const decoded = sum(sounds, ({ codecFrames }) => codecFrames / info.codecFrameRate);
  return {
    file: place,
    info,
    bytes: {
      ...{ all: bytes.index + bytes.codes, ...bytes },
      indexPerTake: rounded(bytes.index / Math.max(1, sounds.length), 1),
      codesPerSecond: rounded(decoded > 0 ? bytes.codes / decoded : 0, 1),
    },
    seconds: secondsOf(sounds, info),
    takes: sounds.length,
    prompts: groupsOf(sounds, ({ sound, spec }) => JSON.stringify([sound, spec.prompt])).length,
    models: groupsOf(sounds, ({ model, licence }) => JSON.stringify([model, licence])).map(
      ([{ model, licence }, takes]) => ({ model, licence, takes: takes.length }),
    ),
    sounds: groupsOf(sounds, ({ sound }) => sound).map(([{ sound }, takes]) => ({
      sound,
      takes: takes.length,
      seconds: secondsOf(takes, info),
      bytes: sum(takes, (take) => codesBytes(info, take.codecFrames)),
      prompts: groupsOf(takes, ({ spec }) => spec.prompt).map(([{ spec }, own]) => ({
        prompt: spec.prompt,
        takes: own.map((take) => takeSummary(take, info)),
      })),
    })),
  };
}

function takeSummary(take: BakedSound, info: TokenPackInfo): TakeSummary {
  const { spec, seed, soundKey, loudness, truePeak, codecFrames } = take;
  return {
    ...{ seed: spec.seed, usedSeed: seed, soundKey, duration: spec.duration },
    seconds: secondsOf([take], info),
    loop: spec.loop,
    loudness: Number.isFinite(loudness) ? rounded(loudness, 2) : null,
    truePeak: Number.isFinite(truePeak) ? rounded(truePeak, 2) : null,
    bytes: codesBytes(info, codecFrames),
  };
}

function secondsOf(takes: readonly BakedSound[], { sampleRate }: TokenPackInfo): Seconds {
  return rounded(sum(takes, ({ plan }) => plan.length) / sampleRate, 3);
}

/** In the order of their first members. @returns the first member of each, and all */
function groupsOf<T>(values: readonly T[], keyOf: (value: T) => string): [T, T[]][] {
  const groups = new Map<string, [T, T[]]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value, [value]]);
    else group[1].push(value);
  }
  return [...groups.values()];
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((all, value) => all + of(value), 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
