/**
 * How long each of the last images took, as bars: newest right, a line at 1/60 s. Images during which sounds were being made
 * are marked by colour and by a tick above their bar.
 */
import type { Scene } from '@babylonjs/core/scene.js';
import { element } from './element.ts';

const COUNT = 120;
const TOP_MS = 50;
/** Drawn so often; the panel must not cost what it measures. */
const REDRAW_MS = 250;

export function watchRenderTimes(scene: Scene, isGenerating: () => boolean): void {
  const canvas = element('render-times', HTMLCanvasElement);
  const times = new Float32Array(COUNT);
  const marked = new Uint8Array(COUNT);
  let next = 0;
  let drawnAt = 0;
  scene.onAfterRenderObservable.add(() => {
    times[next] = scene.getEngine().getDeltaTime();
    marked[next] = isGenerating() ? 1 : 0;
    next = (next + 1) % COUNT;
    if (performance.now() - drawnAt < REDRAW_MS) return;
    drawnAt = performance.now();
    draw(canvas, times, marked, next);
  });
}

function draw(
  canvas: HTMLCanvasElement,
  times: Float32Array,
  marked: Uint8Array,
  oldest: number,
): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (width === 0 || !context) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
  const column = width / COUNT;
  for (let i = 0; i < COUNT; i++) {
    const ms = times[(oldest + i) % COUNT] ?? 0;
    const isMarked = marked[(oldest + i) % COUNT] === 1;
    const bar = (height - 6) * Math.min(1, ms / TOP_MS);
    context.fillStyle = isMarked ? '#ff9d52' : '#5b7fb5';
    context.fillRect(i * column, height - bar, Math.max(1, column - 0.6), bar);
    if (isMarked) context.fillRect(i * column, 1, Math.max(1, column - 0.6), 2);
  }
  context.fillStyle = '#ffffff40';
  context.fillRect(0, height - (height - 6) * (1000 / 60 / TOP_MS), width, 1);
  const usual = medianOf(times).toFixed(0);
  canvas.ariaLabel = `The last ${COUNT} rendered images took ${usual} ms in the middle`;
  context.font = '10.5px system-ui, sans-serif';
  context.fillStyle = '#0b0c12c0';
  context.fillRect(0, 0, 92, 17);
  context.fillStyle = '#9a9fad';
  context.fillText(`${usual} ms an image`, 6, 12);
}

function medianOf(values: Float32Array): number {
  const sorted = [...values].filter((ms) => ms > 0).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
