/**
 * The judge: how well a take fits its prompt.
 *
 *   take   ── hearing.ts ──▶ heard f32 [128] ─╮
 *   prompt ── text encoder ── mean ── tower ──┴▶ cosine ── · scale + bias ── sigmoid ──▶ 0 to 1, to the nearest thousandth
 *
 * The score is the probability that the sound belongs to the words, where half of all pairs do. Same take, same prompt:
 * same score, because the kernels give the same bits on every machine and no thread races another.
 */
import { LRUCache } from 'lru-cache';
import type { Take } from '../../runtime/contract.ts';
import type { TextEmbedding } from '../../runtime/engine.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import { createHearing } from './hearing.ts';
import type { JudgePack } from './judge-pack.ts';
import { createTower } from './tower.ts';

/** Prompts whose meaning is kept: takes of one prompt are mostly judged one after the other. */
const PROMPTS = 64;
/** Scores differ by this at least. */
const STEPS = 1000;

export interface Judge {
  /** @returns 0 to 1 */
  score(take: Pick<Take, 'pcm' | 'sampleRate' | 'prompt'>): Promise<number>;
}

/**
 * @param encode what the text encoder makes of a prompt: states [L, width] of the encoder that the judge reads
 * @throws ModelPackError that names the tensor if one is missing or of another shape
 */
export function createJudge(
  kernels: Kernels,
  { manifest, tensors }: JudgePack,
  encode: (prompt: string) => Promise<TextEmbedding>,
): Judge {
  const hear = createHearing(kernels, tensors);
  const mean = createTower(kernels, tensors, 'meant', manifest.textEncoder.width);
  const meanings = new LRUCache<string, Float32Array>({ max: PROMPTS });

  async function meaningOf(prompt: string): Promise<Float32Array> {
    const known = meanings.get(prompt);
    if (known !== undefined) return known;
    const meaning = mean(meanState(await encode(prompt)));
    meanings.set(prompt, meaning);
    return meaning;
  }

  return {
    async score({ pcm, sampleRate, prompt }) {
      const meaning = await meaningOf(prompt);
      const heard = hear(pcm, sampleRate);
      const cosine = heard.reduce((sum, value, i) => sum + value * (meaning[i] ?? 0), 0);
      const odds = manifest.scale * cosine + manifest.bias;
      return Math.round(STEPS / (1 + Math.exp(-odds))) / STEPS;
    },
  };
}

/** [L, width] → [width] */
function meanState({ data, length, width }: TextEmbedding): Float32Array {
  const mean = new Float64Array(width);
  data.forEach((value, i) => {
    mean[i % width] = (mean[i % width] ?? 0) + value / length;
  });
  return Float32Array.from(mean);
}
