/** Hands a take to the visitor as a WAV file, without any server. */
import { factsOf } from '../bake/formats/asset-facts.ts';
import { encodeWav } from '../bake/formats/wav.ts';
import type { Take } from '../runtime/contract.ts';
import { fileNameOf } from './words.ts';

export function saveWav(take: Take): void {
  const { pcm, sampleRate, loop, prompt, seed } = take;
  const wav = encodeWav(pcm, sampleRate, { isLoop: loop !== undefined, facts: factsOf(take) });
  const blob = new Blob([wav], { type: 'audio/wav' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileNameOf(prompt, seed);
  link.click();
  // The download has its own hold on the blob once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
