import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { type Caption, createFoleyWith } from '../../../plugin/foley.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { TICK_MS } from '../../../plugin/ticker.ts';
import { createFakeRuntime } from '../fake-runtime.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval'] }));
afterEach(() => void vi.useRealTimers());

const bell = sound('bell', { caption: 'a bell', on: [onEvent('ring')] });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

async function setUp(...sounds: SoundDefinition[]) {
  const runtime = createFakeRuntime({ pcm: () => new Float32Array(48000) });
  const map = soundMap(...sounds);
  const options = { model: '/m/', runtime, sounds: map, prefetch: false };
  const foley = await createFoleyWith(createNullAdapter(), options);
  const captions: Caption[] = [];
  foley.onCaption((caption) => captions.push(caption));
  await foley.ready();
  const look = async () => {
    await settle();
    vi.advanceTimersByTime(TICK_MS);
    return captions;
  };
  return { foley, look };
}

test('a sound of the map is shown with its caption and where it is; one without shows nothing', async () => {
  const { foley, look } = await setUp(bell, sound('whir', { on: [onEvent('ring')] }));
  foley.trigger('ring', {}, { x: 3, y: 0, z: 0 });
  const shown = { kind: 'shown', text: 'a bell', direction: 'right', distance: 3, lasting: false };
  expect(await look()).toMatchObject([shown]);
});

test('what is not in space is everywhere, what is out of range is not heard', async () => {
  const { foley, look } = await setUp(
    { ...bell, attenuation: null },
    sound('far', { caption: 'far', on: [onEvent('far')] }),
  );
  foley.trigger('far', {}, { x: 31, y: 0, z: 0 });
  foley.trigger('ring', {}, { x: 31, y: 0, z: 0 });
  expect(await look()).toMatchObject([{ text: 'a bell', distance: null }]);
});

test('what lasts is shown until it ends', async () => {
  const hum = sound('hum', {
    caption: 'humming',
    loop: true,
    on: [onEvent('hum', { when: 'while' })],
  });
  const { foley, look } = await setUp(hum);
  const humming = foley.begin('hum', {}, { x: 0, y: 0, z: -1 });
  expect(await look()).toMatchObject([{ kind: 'shown', text: 'humming', lasting: true }]);
  humming.end();
  await vi.waitFor(async () => expect((await look()).at(-1)?.kind).toBe('gone'), { timeout: 4000 });
});

test('what stands in for a sound is heard as that sound', async () => {
  const brass = { ...bell, prompt: 'bell {data.of}', fallback: 'thud' };
  const { foley, look } = await setUp(brass, sound('thud', { on: [] }));
  await foley.play('thud').then((voice) => voice.stop());
  foley.trigger('ring', { of: 'brass' });
  expect(await look()).toMatchObject([{ text: 'a bell' }]);
});
