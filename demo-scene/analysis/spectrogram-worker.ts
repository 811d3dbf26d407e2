/** Draws spectrograms off the main thread: each message is answered by one picture, in order. */
import { drawSpectrogram, type SpectrogramOptions } from './spectrogram.ts';

export interface SpectrogramJob {
  id: number;
  pcm: Float32Array<ArrayBuffer>;
  options: SpectrogramOptions;
}

addEventListener('message', ({ data: { id, pcm, options } }: MessageEvent<SpectrogramJob>) => {
  const picture = drawSpectrogram(pcm, options);
  postMessage({ id, picture }, { transfer: [picture.pixels.buffer] });
});
