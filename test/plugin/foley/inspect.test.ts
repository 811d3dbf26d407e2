import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createFoleyWith } from '../../../plugin/foley.ts';
import { TICK_MS } from '../../../plugin/ticker.ts';
import { binding, collision, named, thing } from '../events.ts';
import { createFakeRuntime, gateway } from '../fake-runtime.ts';
import { sound, soundMap } from '../sound-maps.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval'] }));
afterEach(() => void vi.useRealTimers());

const hit = sound('hit', {
  prompt: '{a.material} hit',
  on: [binding({ a: named('crate', 'can') })],
});
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

async function setUp(fake: Parameters<typeof createFakeRuntime>[0] = {}, sounds = [hit]) {
  const runtime = createFakeRuntime(fake);
  const adapter = createNullAdapter();
  adapter.addNode({ x: 1, y: 2, z: 3 }, { id: 'crate', name: 'crate', material: 'wood' });
  adapter.addNode({ x: 4, y: 0, z: 0 }, { id: 'can', name: 'can', material: 'metal' });
  const map = soundMap(...sounds);
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, sounds: map });
  const states = () => foley.inspect().emitters.map(({ id, sound, state }) => [id, sound, state]);
  return { foley, adapter, states };
}

test('nodes that can sound are told with their state, from queued to ready', async () => {
  const { open, opened } = gateway();
  const { foley, states } = await setUp({ gate: () => opened });
  expect(states()).toEqual([]); // not looked at yet
  vi.advanceTimersByTime(TICK_MS);
  expect(foley.inspect().prefetch).toEqual({ done: 0, total: 3 });
  expect(foley.inspect().queue.map(({ prompt, sound, state }) => [prompt, sound, state])).toEqual([
    ['hit', 'hit', 'queued'],
    ['wood hit', 'hit', 'queued'],
  ]);
  expect(states()).toEqual([
    ['crate', 'hit', 'queued'],
    ['can', 'hit', 'queued'],
  ]);
  open();
  await settle();
  expect(foley.inspect()).toMatchObject({
    emitters: [
      {
        id: 'crate',
        name: 'crate',
        sound: 'hit',
        point: { x: 1, y: 2, z: 3 },
        radius: 0,
        state: 'ready',
      },
      { id: 'can', state: 'ready' },
    ],
    queue: [],
    cache: { takes: 3, bytes: 3 * 960 * 4 },
    prefetch: { done: 3, total: 3 },
  });
});

test('a voice that plays is told at its node, with hits and misses of the cache', async () => {
  const { foley, adapter, states } = await setUp();
  vi.advanceTimersByTime(TICK_MS);
  await settle();
  adapter.emit(collision({ a: thing('can', 'metal') }));
  expect(states()).toContainEqual(['can', 'hit', 'playing']);
  expect(foley.inspect().voices).toEqual({ playing: 1, virtual: 0, stolen: 0 });
  expect(foley.inspect().cache).toMatchObject({ hits: 1, misses: 0 });
});

test('what lasts and cannot be heard is silent', async () => {
  const gate = () => Promise.reject(new Error('no model'));
  const fire = sound('fire', { loop: true, on: [binding({ kind: 'node', when: 'while' })] });
  const { adapter, states } = await setUp({ gate }, [fire]);
  adapter.emit(collision({ kind: 'node', phase: 'begin', a: thing('hearth') }));
  await settle();
  expect(states()).toEqual([['hearth', 'fire', 'silent']]);
});

test('is plain data that changes nothing when it is changed', async () => {
  const { foley } = await setUp();
  vi.advanceTimersByTime(TICK_MS);
  await settle();
  const snapshot = foley.inspect();
  expect(structuredClone(snapshot)).toEqual(snapshot);
  for (const { point } of snapshot.emitters) point.x = 1000;
  expect(foley.inspect().emitters.map(({ point }) => point.x)).toEqual([1, 4]);
});

test("the game's own emitters are told with their state, until they are gone", async () => {
  const { open, opened } = gateway();
  const { foley, adapter, states } = await setUp({ gate: () => opened }, []);
  const bell = adapter.addNode({ x: 7, y: 8, z: 9 }, { id: 'bell', name: 'bell' });
  const emitter = foley.emitter(bell);
  expect(foley.inspect().emitters).toEqual([
    { id: 'bell', name: 'bell', sound: '', point: { x: 7, y: 8, z: 9 }, radius: 0, state: 'ready' },
  ]);
  const playing = emitter.play('bell');
  expect(states()).toEqual([['bell', '', 'queued']]);
  open();
  const voice = await playing;
  expect(states()).toEqual([['bell', '', 'playing']]);
  voice.stop();
  await voice.ended;
  expect(states()).toEqual([['bell', '', 'ready']]);
  emitter.dispose();
  expect(states()).toEqual([]);
});
