/** Hands a take to the visitor as a WAV file, without any server. */
import { encodeWav } from '../bake/wav.ts';
import type { Take } from '../runtime/contract.ts';
import { fileNameOf } from './words.ts';

export function saveWav({ pcm, sampleRate, prompt, seed }: Take): void {
  const wav = encodeWav(pcm, sampleRate);
  const blob = new Blob([wav as Uint8Array<ArrayBuffer>], { type: 'audio/wav' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileNameOf(prompt, seed);
  link.click();
  // The download has its own hold on the blob once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
