/** Sound maps that are no good, handed to a whole foley in a scene: an error that says where, and all as it was. */
import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../plugin/engines/babylon.ts';
import { watchGraph } from '../audio-graph.ts';
import { page, useFoleyScene } from '../engines/babylon/foley-scene.ts';
import { countObservers } from '../engines/babylon/world.ts';
import { createLog, sine } from '../fake-runtime.ts';
import { createAudioEngine } from '../headless-babylon.ts';
import { fakeFetch } from '../sound-map/sound-maps.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { offlineContext } from '../web-audio.ts';
import { BAD_MAPS } from './bad-maps.ts';
import { watchTimers } from './timers.ts';

const world = useFoleyScene();

function serve(text: string, status = 200): void {
  vi.stubGlobal('fetch', fakeFetch(text, { status }));
}

describe.each(BAD_MAPS)('a sound map with %s', (_what, text, told, status) => {
  test('is refused at the beginning, and nothing is left behind', async () => {
    serve(text, status);
    const audioEngine = await createAudioEngine(offlineContext(0.1));
    const before = [countObservers(world.scene), audioEngine.nodes.size];
    const [graph, timers] = [watchGraph(), watchTimers()];
    const workerFactory = vi.fn();
    const options = { model: '/m/', workerFactory, audioEngine, sounds: 'sounds.yaml' };
    const error = await createFoley(world.scene, options).catch((thrown: unknown) => thrown);
    graph.stop();
    timers.stop();
    expect(error).toMatchObject({ name: 'SoundMapError', message: expect.stringMatching(told) });
    expect([countObservers(world.scene), audioEngine.nodes.size]).toEqual(before);
    expect([graph.connections, timers.running, workerFactory.mock.calls.length]).toEqual([0, 0, 0]);
    expect([...page.listeners.values()].flatMap((all) => [...all])).toEqual([]);
  });

  test('is refused while another one plays, which goes on', async () => {
    const hum = sound('hum', { loop: true, on: [onEvent('engine', { when: 'while' })] });
    const bell = sound('bell', { on: [onEvent('ring')] });
    const logger = createLog();
    const { foley } = await world.offline(() => sine(440, 0.5), {
      sounds: soundMap(hum, bell),
      prefetch: false,
      logger,
    });
    await foley.ready();
    foley.begin('engine');
    foley.trigger('ring');
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(2));
    const before = [foley.sounds, foley.inspect(), foley.stats()];
    serve(text, status);
    await expect(foley.setSounds('sounds.yaml')).rejects.toMatchObject({ name: 'SoundMapError' });
    expect([foley.sounds, foley.inspect(), foley.stats()]).toEqual(before);
    foley.trigger('ring');
    expect(foley.stats().played).toBe(3);
  });
});
