/** A flash of lightning: the moon's light leaps twice. For people who asked for less motion the light stays as it is. */
import type { Scene } from '@babylonjs/core/scene.js';
import type { Lights } from './lights.ts';

/** Seconds since the flash → times the moon's own light; two leaps (WCAG 2.3.1 allows three a second). */
function leap(seconds: number): number {
  const first = Math.exp(-seconds * 9);
  const second = seconds > 0.35 ? 0.7 * Math.exp(-(seconds - 0.35) * 5) : 0;
  return 1 + 5 * (first + second);
}

/** @returns flashes once. */
export function createLightning(scene: Scene, { moon }: Lights, calm: boolean): () => void {
  const usual = moon.intensity;
  let elapsed = Number.POSITIVE_INFINITY;
  scene.onBeforeRenderObservable.add(() => {
    if (elapsed > 3) return;
    elapsed += scene.getEngine().getDeltaTime() / 1000;
    moon.intensity = elapsed > 3 ? usual : usual * leap(elapsed);
  });
  return () => {
    // A new flash waits until the last one is over, so that they never come faster.
    if (!calm && elapsed > 1) elapsed = 0;
  };
}
