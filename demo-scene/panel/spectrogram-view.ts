/** The spectrogram on the page: a worker computes it, this draws it with its axes. Only the newest take is drawn. */
import type { Take } from '../../runtime/contract.ts';
import { frequencyTicks, rowOfFrequency, timeTicks } from '../analysis/scales.ts';
import type { Picture } from '../analysis/spectrogram.ts';
import type { SpectrogramJob } from '../analysis/spectrogram-worker.ts';
import { MARGIN, type Plot, startPlot } from './canvas.ts';

export interface SpectrogramView {
  /** null leaves the plot empty. */
  draw(take: Take | null): void;
}

export function createSpectrogramView(canvas: HTMLCanvasElement): SpectrogramView {
  const worker = new Worker(new URL('../analysis/spectrogram-worker.ts', import.meta.url), {
    type: 'module',
  });
  let newest = 0;
  let take: Take | null = null;

  worker.onmessage = ({ data }: MessageEvent<{ id: number; picture: Picture }>) => {
    if (data.id === newest && take) paint(canvas, data.picture, take);
  };
  return {
    draw(next) {
      take = next;
      newest += 1;
      const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
      const width = Math.round((canvas.clientWidth - MARGIN.left) * ratio);
      const height = Math.round((canvas.clientHeight - MARGIN.bottom) * ratio);
      if (!take || width <= 0 || height <= 0) return;
      const options = { sampleRate: take.sampleRate, width, height };
      const job: SpectrogramJob = { id: newest, pcm: take.pcm.slice(), options };
      worker.postMessage(job, [job.pcm.buffer]);
    },
  };
}

function paint(canvas: HTMLCanvasElement, picture: Picture, take: Take): void {
  const plot = startPlot(canvas);
  if (!plot) return;
  const { width, height, pixels } = picture;
  const image = new ImageData(pixels, width, height);
  plot.context.putImageData(image, Math.round(MARGIN.left * plot.ratio), 0);
  labelFrequencies(plot, take.sampleRate / 2);
  labelTimes(plot, take.pcm.length / take.sampleRate);
  canvas.ariaLabel = `Spectrogram of “${take.prompt}”, ${take.sampleRate / 2000} kHz at the top`;
}

function labelFrequencies({ context, height }: Plot, max: number): void {
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const rows = height - MARGIN.bottom;
  for (const { frequency, label } of frequencyTicks(max)) {
    const y = rowOfFrequency(frequency, max, rows);
    if (y > 5) context.fillText(label, MARGIN.left - 8, y);
    context.fillRect(MARGIN.left - 4, Math.round(y), 4, 1);
  }
}

function labelTimes({ context, width, height }: Plot, duration: number): void {
  context.textBaseline = 'alphabetic';
  const columns = width - MARGIN.left;
  for (const { time, label } of timeTicks(duration)) {
    const x = MARGIN.left + (time / duration) * columns;
    context.textAlign = time === 0 ? 'left' : x > width - 16 ? 'right' : 'center';
    context.fillText(label, x, height - 5);
    context.fillRect(Math.min(Math.round(x), width - 1), height - MARGIN.bottom, 1, 4);
  }
}
