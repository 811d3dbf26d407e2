/** The game's own code, called by us, that throws, or disposes of us on the spot. */
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../plugin/engines/babylon.ts';
import { useFoleyScene } from '../engines/babylon/foley-scene.ts';
import { announced } from '../engines/babylon/world.ts';
import { binding, collision } from '../events.ts';
import { createFakeRuntime, sine } from '../fake-runtime.ts';
import { createAudioEngine } from '../headless-babylon.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { offlineContext } from '../web-audio.ts';
import { aborted, settled, setUp } from './set-up.ts';

const world = useFoleyScene();

const bell = sound('bell', { caption: 'a bell', on: [onEvent('ring')] });
const hum = sound('hum', {
  loop: true,
  caption: 'hums',
  on: [onEvent('engine', { when: 'while' })],
});
const MAP = soundMap(bell, hum);
const broken = () => {
  throw new Error('the game’s own mistake');
};

describe('a listener that throws', () => {
  test('of onEvent is a warning, and the others hear of it all the same', async () => {
    const { foley, events, logger } = await setUp(MAP);
    await foley.ready();
    await settled();
    foley.onEvent(broken);
    const after: string[] = [];
    foley.onEvent(({ kind }) => after.push(kind));
    for (let i = 0; i < 100; i++) foley.trigger('ring');
    expect(after).toHaveLength(100);
    expect(events.length).toBeGreaterThanOrEqual(100);
    expect(logger.warnings.length).toBeLessThanOrEqual(8);
    expect(logger.warnings[0]).toContain('a listener of onEvent threw');
  });

  test('of onCaption likewise', async () => {
    const { foley, logger, clock } = await setUp(MAP);
    await foley.ready();
    await settled();
    foley.onCaption(broken);
    const after: string[] = [];
    foley.onCaption(({ kind }) => after.push(kind));
    for (let i = 0; i < 20; i++) {
      foley.trigger('ring');
      clock.now += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await vi.waitFor(() => expect(after).toContain('shown'));
    expect(logger.warnings.length).toBeLessThanOrEqual(8);
    expect(logger.warnings[0]).toContain('captions: a listener threw');
  });

  test('of onProgress rejects ready, and nothing is left to be made', async () => {
    const { foley } = await setUp(MAP);
    await expect(foley.ready(undefined, { onProgress: broken })).rejects.toThrow(/own mistake/);
    expect(foley.inspect().queue).toEqual([]);
  });

  test('as a condition makes its sound silent with one warning, other sounds not', async () => {
    const { foley, adapter, logger } = await setUp(soundMap(sound('other')));
    await foley.ready();
    await foley.addSound('mine', { prompt: 'mine', on: { collision: true } }, { when: broken });
    foley.addRule({ prompt: 'rule', when: broken });
    await settled();
    for (let i = 0; i < 100; i++) adapter.emit(collision());
    expect(foley.stats()).toMatchObject({ failed: 200, played: 16 }); // one burst
    expect(logger.warnings).toHaveLength(2);
  });
});

describe('a logger that throws', () => {
  const logger = { warn: broken, info: broken };

  test('stops no event, no promise, no tick', async () => {
    const gate = () => Promise.reject(new Error('no model'));
    const { foley, adapter } = await setUp(soundMap(bell, hum, sound('hit')), { gate }, { logger });
    foley.onEvent(broken);
    foley.onCaption(broken);
    expect(() => foley.trigger('ring')).not.toThrow();
    expect(() => foley.begin('engine')).not.toThrow();
    expect(() => adapter.emit(collision())).not.toThrow();
    expect(() => foley.trigger('ring', {}, { x: Number.NaN, y: 0, z: 0 })).not.toThrow();
    await foley.ready();
    await settled();
    await foley.dispose();
  });

  test('stops no rendering', async () => {
    const audioEngine = await createAudioEngine(offlineContext(0.1));
    const gate = () => Promise.reject(new Error('no model'));
    const crate = sound('crate', { loop: true, on: [binding({ kind: 'node', when: 'while' })] });
    const options = { model: '/m/', runtime: createFakeRuntime({ gate }), audioEngine, logger };
    const foley = await createFoley(world.scene, { ...options, sounds: soundMap(crate, bell) });
    foley.onEvent(broken);
    CreateBox('box', {}, world.scene);
    await announced();
    for (let i = 0; i < 5; i++) expect(() => world.scene.render()).not.toThrow();
    await foley.dispose();
  });
});

describe('dispose', () => {
  test('twice, at once and one after the other, is one', async () => {
    const { foley, runtime } = await setUp(MAP);
    const all = [foley.dispose(), foley.dispose()];
    await Promise.all(all);
    await foley.dispose();
    expect(runtime.disposed).toBe(0); // it was handed in
  });

  test('leaves the API harmless: events are nothing, promises are aborted', async () => {
    const { foley, events, logger, adapter } = await setUp(MAP);
    const lasting = foley.begin('engine');
    await foley.dispose();
    events.length = 0;
    foley.trigger('ring');
    foley.begin('engine').end();
    lasting.change({ rpm: 1 });
    lasting.end();
    adapter.emit(collision());
    foley.lock('bell', 3);
    foley.setBusVolume('main', 0.5);
    for (const call of [
      () => foley.play('bell'),
      () => foley.ready(),
      () => foley.unlock(),
      () => foley.prefetch([{ prompt: 'x' }]),
      () => foley.setSounds(MAP),
      () => foley.addSound('x', { prompt: 'x' }),
    ]) {
      await expect(call()).rejects.toMatchObject(aborted);
    }
    expect(() => foley.emitter({ x: 0, y: 0, z: 0 })).toThrow(expect.objectContaining(aborted));
    expect(foley.inspect()).toMatchObject({ emitters: [], queue: [], voices: { playing: 0 } });
    expect([events, logger.warnings]).toEqual([[], []]);
  });

  test.each([
    ['played', 'ring'],
    ['played', 'engine'],
    ['missed', 'ring'],
    ['generated', 'ring'],
  ] as const)('in a listener of onEvent that hears "%s" of %s', async (kind, name) => {
    const { foley, logger, runtime } = await setUp(MAP);
    if (kind === 'played') await foley.ready();
    await settled();
    let disposed: Promise<void> | null = null;
    foley.onEvent((event) => {
      if (event.kind === kind) disposed ??= foley.dispose();
    });
    expect(() => {
      if (name === 'ring') foley.trigger(name);
      else foley.begin(name);
      foley.trigger('ring');
    }).not.toThrow();
    await vi.waitFor(() => expect(disposed).not.toBeNull());
    await disposed;
    await settled();
    expect(foley.inspect()).toMatchObject({ queue: [], voices: { playing: 0 } });
    expect(logger.warnings.filter((warning) => !warning.includes('no take yet'))).toEqual([]);
    expect(runtime.requests.length).toBeLessThanOrEqual(3);
  });

  test('in a listener of onCaption', async () => {
    const { foley, logger } = await setUp(MAP);
    await foley.ready();
    await settled();
    let disposed: Promise<void> | null = null;
    foley.onCaption(() => {
      disposed ??= foley.dispose();
    });
    foley.begin('engine');
    foley.trigger('ring');
    await vi.waitFor(() => expect(disposed).not.toBeNull());
    await disposed;
    expect([foley.inspect().voices.playing, logger.warnings]).toEqual([0, []]);
  });

  test('by a condition, in the middle of an event that other sounds are for too', async () => {
    const { foley, adapter, logger } = await setUp(soundMap(sound('first')));
    await foley.ready();
    const when = () => {
      void foley.dispose();
      return true;
    };
    await foley.addSound('second', { prompt: 'second', on: { collision: true } }, { when });
    await foley.addSound('third', { prompt: 'third', on: { collision: true } });
    await settled();
    expect(() => adapter.emit(collision())).not.toThrow();
    await foley.dispose();
    await settled();
    expect(foley.inspect()).toMatchObject({ queue: [], voices: { playing: 0 } });
    expect(logger.warnings).toEqual([]);
  });

  test('while the scene renders, by a listener of an event that a node made', async () => {
    const crate = sound('crate', { loop: true, on: [binding({ kind: 'node', when: 'while' })] });
    const given = { sounds: soundMap(crate), prefetch: false };
    const { foley, audioEngine } = await world.offline(() => sine(440, 0.5), given);
    let disposed: Promise<void> | null = null;
    foley.onEvent(() => {
      disposed ??= foley.dispose();
    });
    for (let i = 0; i < 3; i++) CreateBox('box', {}, world.scene);
    await announced();
    for (let i = 0; i < 3; i++) expect(() => world.scene.render()).not.toThrow();
    await vi.waitFor(() => expect(disposed).not.toBeNull());
    await disposed;
    await vi.waitFor(() => expect(audioEngine.nodes.size).toBe(1));
  });
});
