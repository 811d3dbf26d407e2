/** Small pictures drawn on a canvas: particles and the evening outside. No file is fetched. */

import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { fbm, hash } from '../surfaces/noise.ts';

type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

export function drawTexture(
  scene: Scene,
  name: string,
  { width, height }: { width: number; height: number },
  draw: Draw,
): DynamicTexture {
  const texture = new DynamicTexture(name, { width, height }, scene, true);
  draw(texture.getContext() as CanvasRenderingContext2D, width, height);
  texture.hasAlpha = true;
  texture.update();
  return texture;
}

/** A soft round glow, white on nothing. */
export function glowTexture(scene: Scene): DynamicTexture {
  return drawTexture(scene, 'glow', { width: 64, height: 64 }, (context, width) => {
    const middle = width / 2;
    const glow = context.createRadialGradient(middle, middle, 0, middle, middle, middle);
    glow.addColorStop(0, 'rgba(255,255,255,1)');
    glow.addColorStop(0.35, 'rgba(255,255,255,0.5)');
    glow.addColorStop(1, 'rgba(255,255,255,0)');
    context.fillStyle = glow;
    context.fillRect(0, 0, width, width);
  });
}

/** A raindrop's streak, bright at its lower end. */
export function streakTexture(scene: Scene): DynamicTexture {
  return drawTexture(scene, 'streak', { width: 16, height: 128 }, (context, width, height) => {
    const streak = context.createLinearGradient(0, 0, 0, height);
    streak.addColorStop(0, 'rgba(210,228,255,0)');
    streak.addColorStop(0.85, 'rgba(225,238,255,0.95)');
    streak.addColorStop(1, 'rgba(210,228,255,0)');
    context.fillStyle = streak;
    context.fillRect(width / 2 - 2, 0, 4, height);
  });
}

/** The evening outside: sky, moon, clouds, hills with a few lit windows. The horizon lies at 0.66 of the height. */
export function eveningTexture(scene: Scene): DynamicTexture {
  return drawTexture(scene, 'evening', { width: 2048, height: 1024 }, (context, width, height) => {
    const sky = context.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, '#0b1530');
    sky.addColorStop(0.42, '#20396a');
    sky.addColorStop(0.58, '#5a709c');
    sky.addColorStop(0.66, '#b08f86');
    context.fillStyle = sky;
    context.fillRect(0, 0, width, height);
    drawMoon(context, width * 0.466, height * 0.5);
    drawClouds(context, width, height);
    const hills = ['#3a4a69', '#22304a', '#121c2c'];
    for (const [depth, colour] of hills.entries()) drawHill(context, width, height, depth, colour);
    drawLitWindows(context, width, height);
  });
}

function drawMoon(context: CanvasRenderingContext2D, x: number, y: number): void {
  const halo = context.createRadialGradient(x, y, 8, x, y, 110);
  halo.addColorStop(0, 'rgba(214,228,255,0.75)');
  halo.addColorStop(1, 'rgba(214,228,255,0)');
  context.fillStyle = halo;
  context.fillRect(x - 120, y - 120, 240, 240);
  context.fillStyle = '#eef3ff';
  context.beginPath();
  context.arc(x, y, 17, 0, 2 * Math.PI);
  context.fill();
}

/** Drawn small and enlarged: the browser's smoothing makes the softness. */
function drawClouds(context: CanvasRenderingContext2D, width: number, height: number): void {
  const [columns, rows] = [256, 96];
  const small = new OffscreenCanvas(columns, rows);
  const smallContext = small.getContext('2d');
  if (!smallContext) return;
  const picture = smallContext.createImageData(columns, rows);
  for (let i = 0; i < columns * rows; i++) {
    const [u, v] = [(i % columns) / columns, Math.floor(i / columns) / rows];
    const density = Math.max(0, fbm(u, v, 9, 12, 5, 200) - 0.48) * (1 - v * v);
    picture.data.set([158, 178, 214, 255 * Math.min(0.6, density * 2.4)], i * 4);
  }
  smallContext.putImageData(picture, 0, 0);
  context.drawImage(small, 0, 0, width, height * 0.68);
}

function drawHill(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  depth: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(0, height);
  for (let x = 0; x <= width; x += 4) {
    const rise = fbm(x / width, 0.5, 9 + 5 * depth, 1, 5, 210 + depth);
    context.lineTo(x, height * (0.69 + 0.035 * depth - 0.09 * rise));
  }
  context.lineTo(width, height);
  context.fill();
}

function drawLitWindows(context: CanvasRenderingContext2D, width: number, height: number): void {
  for (let i = 0; i < 14; i++) {
    const x = width * (0.36 + 0.3 * hash(i, 1, 220));
    const y = height * (0.71 + 0.03 * hash(i, 2, 220));
    context.fillStyle = `rgba(255,190,110,${0.5 + 0.5 * hash(i, 3, 220)})`;
    context.fillRect(x, y, 3, 3);
  }
}
