/** Numbers, times and file names as people read them; what sounds tell is in plugin/panel/words.ts. */

import type { Progress } from '../runtime/contract.ts';

/** 1 MB is a million bytes, as browsers count downloads. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** Of the model. Told in steps of a tenth, so that a screen reader is not flooded. */
export function progressInWords({ stage, done, total }: Progress): string {
  if (stage !== 'download') return 'Waking the model…';
  const part = total > 0 ? Math.floor((10 * done) / total) * 10 : 0;
  return `Fetching ${sizeInWords(total)}: ${part} %`;
}

/** Since the page was opened: 0:07, 12:30. */
export function clockInWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** 'heavy wooden door slams', seed 3 → 'heavy-wooden-door-slams-3.wav'. */
export function fileNameOf(prompt: string, seed: number): string {
  const words = prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${words.slice(0, 60) || 'sound'}-${seed}.wav`;
}
