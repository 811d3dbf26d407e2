/** Baked takes without a model: seeded codes, plausible plans, every kind that a token pack tells apart. */
import type { BakedTake, SamplingDefaults } from '../../runtime/contract.ts';
import type { TokenPackInfo } from '../../runtime/token-pack.ts';
import { fastRandom } from '../reference/seeded.ts';

const SAMPLING: SamplingDefaults = { guidanceScale: 3, temperature: 0.9, topK: 128, topP: 0 };

export const INFO: TokenPackInfo = {
  codecHash: 'c0'.repeat(32),
  sampleRate: 32000,
  codecFrameRate: 50,
  numCodebooks: 4,
  codebookSize: 1024,
  sampling: SAMPLING,
};

/** Of a codec frame, as INFO has it. */
const SAMPLES = 640;

export interface TakeChoice {
  sound?: string;
  prompt?: string;
  /** Asked for; it is the one that was used too unless `rolledTo` says otherwise. */
  seed?: number;
  rolledTo?: number;
  duration?: number;
  loop?: boolean;
  sampling?: Partial<SamplingDefaults>;
  codecFrames?: number;
  model?: string;
  licence?: string;
  /** What its codes, key and levels are drawn from. */
  draw?: number;
}

export function bakedTake(choice: TakeChoice = {}, info: TokenPackInfo = INFO): BakedTake {
  const { sound = 'footstep', prompt = 'light footstep on wood', seed = 0, draw = seed } = choice;
  const { duration = 0.5, loop = false } = choice;
  const { codecFrames = Math.ceil(duration * info.codecFrameRate) + (loop ? 9 : 0) } = choice;
  const random = fastRandom(draw + 1);
  const length = Math.max(1, Math.floor(random() * codecFrames * (SAMPLES / 2)));
  const crossfade = loop ? Math.floor(random() * Math.min(length, 8000)) : 0;
  return {
    sound,
    spec: { prompt, duration, seed, ...info.sampling, ...choice.sampling, loop },
    seed: choice.rolledTo ?? seed,
    soundKey: Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join(''),
    codecFrames,
    plan: {
      start: Math.floor(random() * 99 * Math.min(1, codecFrames - 1)),
      length,
      crossfade: Math.min(crossfade, Math.max(0, codecFrames * SAMPLES - 99 - length)),
      correlation: loop ? Math.fround(random()) : 0,
      gainDb: Math.fround(random() * 40 - 20),
    },
    loudness: random() < 0.1 ? Number.NEGATIVE_INFINITY : Math.fround(-20 - random()),
    truePeak: Math.fround(-1 - random()),
    model: choice.model ?? 'foley-tiny',
    licence: choice.licence ?? 'MIT (text encoder: Apache-2.0)',
    codes: Uint16Array.from({ length: info.numCodebooks * codecFrames }, () =>
      Math.floor(random() * info.codebookSize),
    ),
  };
}

/** As a sound map bakes to: prompts of footsteps with four takes each, then two loops. */
export function bakedTakes(count: number): BakedTake[] {
  return Array.from({ length: count }, (_, i) => {
    const surface = `light footstep on surface ${Math.floor(i / 4)}`;
    if (i < count - 2) return bakedTake({ prompt: surface, seed: i % 4, draw: i });
    return bakedTake({ sound: 'rain', prompt: 'steady rain', seed: i, duration: 2, loop: true });
  });
}
