/**
 * How long after the click the first sound is heard: two marks on the browser's timeline and a measure between them.
 *
 *   'foley:click' ──── 'foley:wait' ────▶ 'foley:first-sound': samples leave the main bus that are not silent
 */

import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';

const LOOK_MS = 8;
/** Linear; −60 dB. */
const AUDIBLE = 0.001;
const GIVE_UP_MS = 30_000;

export function markClick(): void {
  performance.mark('foley:click');
}

/** @returns milliseconds after the click, as soon as it is heard; never resolves where nothing is. */
export function firstSound(audio: AudioEngineV2): Promise<number> {
  return new Promise((resolve) => watch(audio, resolve));
}

function watch(audio: AudioEngineV2, onHeard: (ms: number) => void): void {
  const { analyzer } = audio.defaultMainBus ?? {};
  if (!analyzer) return;
  const began = performance.now();
  void analyzer.enableAsync().then(() => {
    analyzer.fftSize = 512; // 11 ms at 48 kHz: a little more than from one look to the next
    const timer = setInterval(() => {
      const isHeard = analyzer.getFloatTimeDomainData().some((x) => Math.abs(x) > AUDIBLE);
      if (!isHeard && performance.now() - began < GIVE_UP_MS) return;
      clearInterval(timer);
      analyzer.dispose();
      if (!isHeard) return;
      performance.mark('foley:first-sound');
      onHeard(performance.measure('foley:wait', 'foley:click', 'foley:first-sound').duration);
    }, LOOK_MS);
  });
}
