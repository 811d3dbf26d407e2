/** Draws a take's waveform under the same time axis as its spectrogram, full scale from edge to edge. */
import type { Take } from '../../runtime/contract.ts';
import { envelopeOf } from '../analysis/waveform.ts';
import { MARGIN, startPlot } from './canvas.ts';

export function drawWaveform(canvas: HTMLCanvasElement, take: Take): void {
  const plot = startPlot(canvas);
  if (!plot) return;
  const { context, width, height } = plot;
  const columns = Math.round(width - MARGIN.left);
  const middle = height / 2;
  const { low, high } = envelopeOf(take.pcm, columns);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const level of [1, 0, -1]) {
    const y = middle - level * (middle - 8);
    context.fillText(level === 0 ? '0' : `${level > 0 ? '+' : '−'}1`, MARGIN.left - 8, y);
  }
  context.fillStyle = '#ffffff14';
  context.fillRect(MARGIN.left, middle - 0.5, columns, 1);
  context.fillStyle = '#ff9d52';
  for (let column = 0; column < columns; column++) {
    const top = middle - (high[column] ?? 0) * (middle - 4);
    const bottom = middle - (low[column] ?? 0) * (middle - 4);
    context.fillRect(MARGIN.left + column, top - 0.4, 1, bottom - top + 0.8);
  }
  canvas.ariaLabel = `Waveform of “${take.prompt}”`;
}
