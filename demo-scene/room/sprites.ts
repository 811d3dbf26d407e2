/** Small pictures drawn on a canvas: what particles look like. No file is fetched. */

import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import type { Scene } from '@babylonjs/core/scene.js';

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
