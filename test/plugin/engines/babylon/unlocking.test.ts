/** A suspended context: what does not pile up in it, and the gestures that start it. */

import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../../plugin/engines/babylon.ts';
import { createFakeRuntime, createLog } from '../../fake-runtime.ts';
import { createAudioEngine } from '../../headless-babylon.ts';
import { liveContext } from '../../web-audio.ts';
import { page, useFoleyScene } from './foley-scene.ts';

const world = useFoleyScene();

describe('a suspended context', () => {
  async function suspended() {
    const context = liveContext();
    await context.suspend();
    const audioEngine = await createAudioEngine(context);
    const logger = createLog();
    const runtime = createFakeRuntime();
    const foley = await createFoley(world.scene, { model: '/m/', runtime, audioEngine, logger });
    return { context, audioEngine, foley, logger };
  }

  test('plays nothing, keeps nothing, warns once', async () => {
    const { audioEngine, context, foley, logger } = await suspended();
    const emitter = foley.emitter(world.nodeAt(0, 0, 1));
    const voices = await Promise.all(Array.from({ length: 50 }, () => emitter.play('tone')));
    expect(new Set(voices.map(({ refusal }) => refusal))).toEqual(new Set(['suspended']));
    expect(foley.stats()).toMatchObject({ suspended: 50, played: 0 });
    expect(logger.warnings).toEqual([expect.stringContaining('unlock()')]);
    expect(audioEngine.sounds).toHaveLength(0);
    await foley.unlock();
    expect(foley.stats().played).toBe(0);
    expect((await emitter.play('tone')).refusal).toBeNull();
    await foley.dispose();
    await context.close();
  });

  test.each(['pointerup', 'keydown'])(
    'is unlocked by %s, and then no longer listened for',
    async (gesture) => {
      const { context, foley } = await suspended();
      expect(context.state).toBe('suspended');
      page.dispatch(gesture);
      await vi.waitFor(() => expect(context.state).toBe('running'));
      await vi.waitFor(() => expect(page.listeners.get(gesture)?.size).toBe(0));
      await foley.dispose();
      await context.close();
    },
  );

  test('is unlocked by a gesture even when somebody asked too early', async () => {
    const { audioEngine, context, foley } = await suspended();
    const resume = vi.spyOn(context, 'resume').mockReturnValueOnce(new Promise(() => {}));
    void audioEngine.unlockAsync(); // refused by the browser: stays pending, and Babylon keeps it
    page.dispatch('pointerup');
    await vi.waitFor(() => expect(context.state).toBe('running'));
    expect(resume.mock.calls.length).toBeGreaterThan(1);
    await foley.dispose();
    await context.close();
  });

  test('leaves no gesture listeners behind when disposed', async () => {
    const { context, foley } = await suspended();
    await foley.dispose();
    expect([page.listeners.get('pointerup')?.size, page.listeners.get('keydown')?.size]).toEqual([
      0, 0,
    ]);
    await context.close();
  });
});
