/** A world in lockstep: what happens in it does not depend on how often it is drawn, and what is told of it neither. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { beforeAll, expect, test } from 'vitest';
import { createBabylonAdapter } from '../../../../plugin/engines/babylon.ts';
import { dropCrate } from '../../falling-crate.ts';
import { createAudioEngine, installFakePage } from '../../headless-babylon.ts';
import { loadHavok } from '../../load-havok.ts';
import { offlineContext } from '../../web-audio.ts';

installFakePage();

const STEP_MS = 1000 / 60;
let havok: unknown;

beforeAll(async () => {
  havok = await loadHavok();
});

/** A crate falls for two seconds. @returns the impulses told. */
async function impulsesAt(imageMs: number): Promise<number[]> {
  const engine = new NullEngine({
    renderWidth: 64,
    renderHeight: 64,
    textureSize: 64,
    deterministicLockstep: true,
    lockstepMaxSteps: 4,
  });
  engine.getDeltaTime = () => imageMs;
  const scene = new Scene(engine);
  new FreeCamera('camera', Vector3.Zero(), scene);
  const audioEngine = await createAudioEngine(offlineContext(1));
  const adapter = await createBabylonAdapter(scene, { audioEngine });
  const impulses: number[] = [];
  adapter.onSceneEvent(({ impulse }) => impulses.push(impulse));
  dropCrate(scene, havok, { height: 1, tilt: 0.4 });
  while (scene.getStepId() < 120) scene.render();
  scene.dispose();
  engine.dispose();
  return impulses;
}

test('the same hits at 60 images a second and at 20', async () => {
  const [often, seldom] = [await impulsesAt(STEP_MS + 1e-6), await impulsesAt(3 * STEP_MS + 1e-6)];
  expect(often.length).toBeGreaterThanOrEqual(2);
  expect(seldom).toEqual(often);
});
