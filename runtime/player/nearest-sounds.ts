/**
 * Sounds that come near to a request which no pack has: what its author may have meant.
 *
 *   prompts by the words they share (Dice), then by how many other fields differ, then in the packs' order
 */
import type { BakedSound, SoundSpec } from '../contract.ts';

const OTHERS = [
  'duration',
  'loop',
  'seed',
  'guidanceScale',
  'temperature',
  'topK',
  'topP',
] as const;

/** @returns at most `most`, the nearest first; none that shares no word */
export function nearestSounds(
  wanted: SoundSpec,
  sounds: readonly BakedSound[],
  most = 3,
): BakedSound[] {
  const words = wordsOf(wanted.prompt);
  const likenesses = new Map<string, number>(); // takes of a prompt have it in common
  for (const { spec } of sounds) {
    const { prompt } = spec;
    if (!likenesses.has(prompt)) likenesses.set(prompt, likenessOf(words, wordsOf(prompt)));
  }
  return sounds
    .map((sound) => ({ sound, likeness: likenesses.get(sound.spec.prompt) ?? 0 }))
    .filter(({ likeness }) => likeness > 0)
    .map((one) => ({ ...one, differing: differing(wanted, one.sound.spec) }))
    .sort((a, b) => b.likeness - a.likeness || a.differing - b.differing)
    .slice(0, most)
    .map(({ sound }) => sound);
}

function wordsOf(prompt: string): Set<string> {
  return new Set(prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** 0: no word in common; 1: the same words. */
function likenessOf(a: Set<string>, b: Set<string>): number {
  const common = [...a].filter((word) => b.has(word)).length;
  return (2 * common) / (a.size + b.size || 1);
}

function differing(a: SoundSpec, b: SoundSpec): number {
  return OTHERS.filter((field) => a[field] !== b[field]).length;
}
