/** What makes it look photographed: reflections of the room on metal, bloom, film tone curve, vignette. */
import '@babylonjs/core/PostProcesses/RenderPipeline/postProcessRenderPipelineManagerSceneComponent.js';
import '@babylonjs/core/Materials/Textures/baseTexture.polynomial.js';

import { Constants } from '@babylonjs/core/Engines/constants.js';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration.js';
import { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import { HDRFiltering } from '@babylonjs/core/Materials/Textures/Filtering/hdrFiltering.js';
import { RenderTargetTexture } from '@babylonjs/core/Materials/Textures/renderTargetTexture.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { DefaultRenderingPipeline } from '@babylonjs/core/PostProcesses/RenderPipeline/Pipelines/defaultRenderingPipeline.js';
import { ReflectionProbe } from '@babylonjs/core/Probes/reflectionProbe.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Stage } from './stage.ts';

export function createPipeline(stage: Stage): DefaultRenderingPipeline {
  const { scene, overview, eyes } = stage;
  const isHigh = stage.quality === 'high';
  const pipeline = new DefaultRenderingPipeline('film', isHigh, scene, [overview, eyes]);
  pipeline.samples = isHigh ? 4 : 1;
  pipeline.bloomEnabled = isHigh;
  pipeline.bloomThreshold = 0.72;
  pipeline.bloomWeight = 0.42;
  pipeline.bloomKernel = 72;
  pipeline.bloomScale = 0.5;
  const tone = pipeline.imageProcessing;
  tone.toneMappingEnabled = true;
  tone.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_ACES;
  tone.exposure = 1.7;
  tone.contrast = 1.12;
  tone.vignetteEnabled = true;
  tone.vignetteWeight = 1.6;
  tone.vignetteStretch = 0.4;
  tone.vignetteColor = new Color4(0, 0, 0.02, 0);
  tone.vignetteBlendMode = ImageProcessingConfiguration.VIGNETTEMODE_MULTIPLY;
  return pipeline;
}

/** Pictures the finished room once, from its middle, and lets every material reflect it. */
export async function reflectRoom({ engine, scene, quality }: Stage): Promise<void> {
  if (quality === 'low' || !engine.getCaps().textureHalfFloatRender) return;
  const probe = new ReflectionProbe('room', 64, scene, true, true, true);
  probe.position = new Vector3(0.3, 1.6, -0.6);
  probe.renderList?.push(...scene.meshes.filter((mesh) => mesh.isVisible));
  probe.refreshRate = RenderTargetTexture.REFRESHRATE_RENDER_ONCE;
  const { cubeTexture } = probe;
  const pictured = new Promise<void>((resolve) => {
    cubeTexture.onAfterUnbindObservable.addOnce(() => resolve());
  });
  scene.customRenderTargets.push(cubeTexture);
  await pictured;
  scene.customRenderTargets.splice(scene.customRenderTargets.indexOf(cubeTexture), 1);
  await new HDRFiltering(engine, { quality: 256 }).prefilter(cubeTexture);
  scene.environmentTexture = stillOf(cubeTexture, scene);
  scene.environmentIntensity = 1.5;
}

/** The picture without the camera that took it: else it would be taken again with every image, reflecting itself. */
function stillOf(cube: RenderTargetTexture, scene: Scene): BaseTexture {
  const still = new BaseTexture(scene, cube.getInternalTexture());
  still.gammaSpace = false;
  still.coordinatesMode = Constants.TEXTURE_CUBIC_MODE;
  still.lodGenerationOffset = cube.lodGenerationOffset;
  still.lodGenerationScale = cube.lodGenerationScale;
  return still;
}
