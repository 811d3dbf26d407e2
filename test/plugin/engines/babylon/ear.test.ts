/** The ear, and the traps of AudioV2's listener. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, test } from 'vitest';
import { createBabylonAdapter } from '../../../../plugin/engines/babylon.ts';
import { createLog } from '../../fake-runtime.ts';
import { createAudioEngine } from '../../headless-babylon.ts';
import { offlineContext, renderWith, rms } from '../../web-audio.ts';
import { useFoleyScene } from './foley-scene.ts';

const world = useFoleyScene();

describe('the ear', () => {
  const forwardOf = ({ listener }: BaseAudioContext) => listener.forwardZ.value;

  test('is on the active camera, and on the next one when that becomes active', async () => {
    const { audioEngine, context } = await world.offline();
    world.scene.render();
    expect(audioEngine.listener.attachedNode).toBe(world.scene.activeCamera);
    world.scene.activeCamera = new FreeCamera('other', new Vector3(0, 5, 0), world.scene);
    await renderWith(context, { 0.1: () => world.scene.render() });
    expect(audioEngine.listener.attachedNode?.name).toBe('other');
    expect(context.listener.positionY.value).toBeCloseTo(5, 5);
  });

  test('stays where you have attached it', async () => {
    const context = offlineContext(0.1);
    const audioEngine = await createAudioEngine(context);
    const head = world.nodeAt(0, 1, 0);
    audioEngine.listener.attach(head);
    await createBabylonAdapter(world.scene, { audioEngine });
    world.scene.render();
    expect(audioEngine.listener.attachedNode).toBe(head);
  });

  test('arrives after a jump that follows another within the ramp', async () => {
    const { context } = await world.offline();
    const jump = (x: number) => () => {
      (world.scene.activeCamera as FreeCamera).position.x = x;
      world.scene.render();
    };
    await renderWith(context, {
      0.1: jump(1),
      0.104: jump(50), // Babylon alone would drop this one
      0.2: () => world.scene.render(),
    });
    expect(context.listener.positionX.value).toBeCloseTo(50, 4);
  });

  test('looks backwards in left-handed scenes, which equalpower does not hear and HRTF would', async () => {
    const { context, foley } = await world.offline();
    const node = world.nodeAt(-2, 0, 2);
    const { left, right } = await renderWith(context, {
      0: async () => {
        world.scene.render();
        await foley.emitter(node).play('tone');
      },
    });
    expect(forwardOf(context)).toBeCloseTo(-1, 5); // the camera looks along +z
    expect(rms(left)).toBeGreaterThan(2 * rms(right));
  });

  test('HRTF is warned about in left-handed scenes only', async () => {
    const logger = createLog();
    const { foley } = await world.offline(undefined, { logger });
    foley.emitter(world.nodeAt(0, 0, 1), { panningModel: 'HRTF' });
    expect(logger.warnings).toEqual([expect.stringContaining('swaps front and back')]);
    world.scene.useRightHandedSystem = true;
    foley.emitter(world.nodeAt(0, 0, 1), { panningModel: 'HRTF' });
    expect(logger.warnings).toHaveLength(1);
  });
});
