/** Draws a take: full scale from edge to edge, time from left to right. */
import { envelopeOf } from '../../../demo-scene/analysis/waveform.ts';

/** In the canvas' own colour, at the screen's own pixels. */
export function drawWaveform(canvas: HTMLCanvasElement, audio: AudioBuffer, label: string): void {
  const columns = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  Object.assign(canvas, { width: columns, height });
  canvas.ariaLabel = label;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { low, high } = envelopeOf(audio.getChannelData(0), columns);
  context.fillStyle = getComputedStyle(canvas).color;
  for (let column = 0; column < columns; column++) {
    const top = (height / 2) * (1 - (high[column] ?? 0));
    const bottom = (height / 2) * (1 - (low[column] ?? 0));
    context.fillRect(column, top, 1, Math.max(1, bottom - top));
  }
}
