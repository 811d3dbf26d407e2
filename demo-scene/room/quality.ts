/**
 * Keeps the picture moving on slow machines: when images take longer than 1/30 s for two seconds, the costliest nicety
 * goes, one after the other. Nothing comes back: a picture that changes its mind is worse than a plain one.
 */
import type { DefaultRenderingPipeline } from '@babylonjs/core/PostProcesses/RenderPipeline/Pipelines/defaultRenderingPipeline.js';
import type { Lights } from './lights.ts';
import type { Stage } from './stage.ts';

const SLOW_MS = 1000 / 30;
const PATIENCE_MS = 2000;
/** Longer than this is a page that was hidden. */
const PAUSE_MS = 2000;

export interface QualityParts {
  stage: Stage;
  pipeline: DefaultRenderingPipeline;
  lights: Lights;
}

export function adaptQuality({ stage: { engine, scene }, pipeline, lights }: QualityParts): void {
  const sacrifices = [
    () => engine.setHardwareScalingLevel(1),
    () => {
      pipeline.samples = 1;
    },
    () => {
      lights.lantern.shadowEnabled = false;
    },
    () => {
      pipeline.bloomEnabled = false;
    },
    () => engine.setHardwareScalingLevel(1.5),
    () => engine.setHardwareScalingLevel(2),
  ];
  let slowMs = 0;
  scene.onAfterRenderObservable.add(() => {
    const ms = engine.getDeltaTime();
    const isSlow = ms > SLOW_MS && ms < PAUSE_MS;
    slowMs = isSlow ? slowMs + ms : Math.max(0, slowMs - ms);
    if (slowMs < PATIENCE_MS) return;
    slowMs = 0;
    sacrifices.shift()?.();
  });
}
